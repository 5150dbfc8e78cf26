// A time in UTC, with how long ago it was.

import { isoTime } from "../../platform/iso-time.ts";
import { exactTime, relativeTime, shortTime } from "../time-words.ts";

export function Time({ ms, now }: { ms: number; now: number }) {
  return (
    <time datetime={isoTime(ms)} title={exactTime(ms)}>
      {shortTime(ms, now)} <span class="ago">{relativeTime(ms, now)}</span>
    </time>
  );
}

/** To the second, for pages about one thing. */
export function ExactTime({ ms, now }: { ms: number; now: number }) {
  return (
    <time datetime={isoTime(ms)}>
      <span class="whole">{exactTime(ms)}</span> <span class="ago">{relativeTime(ms, now)}</span>
    </time>
  );
}
