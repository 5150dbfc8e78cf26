// A time in UTC, with how long ago it was.

import { exactTime, relativeTime, shortTime } from "../time-words.ts";

export function Time({ ms, now }: { ms: number; now: number }) {
  return (
    <time datetime={new Date(ms).toISOString()} title={exactTime(ms)}>
      {shortTime(ms, now)} <span class="ago">{relativeTime(ms, now)}</span>
    </time>
  );
}

/** To the second, for pages about one thing. */
export function ExactTime({ ms, now }: { ms: number; now: number }) {
  return (
    <time datetime={new Date(ms).toISOString()}>
      <span class="whole">{exactTime(ms)}</span> <span class="ago">{relativeTime(ms, now)}</span>
    </time>
  );
}
