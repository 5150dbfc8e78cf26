// A time in the environment's time zone, with how long ago it was; UTC shows when it is pointed at.

import { useContext } from "hono/jsx";
import { isoTime } from "../../platform/iso-time.ts";
import { exactTime, relativeTime, shortTime } from "../time-words.ts";
import { TimeZone } from "./time-zone.ts";

export function Time({ ms, now }: { ms: number; now: number }) {
  const timeZone = useContext(TimeZone);
  return (
    <time datetime={isoTime(ms)} title={exactTime(ms)}>
      {shortTime(ms, now, timeZone)} <span class="ago">{relativeTime(ms, now)}</span>
    </time>
  );
}

/** By itself, such as an end that lies ahead. */
export function Moment({ ms }: { ms: number }) {
  const timeZone = useContext(TimeZone);
  return (
    <time datetime={isoTime(ms)} title={exactTime(ms)}>
      {shortTime(ms, ms, timeZone)}
    </time>
  );
}

/** To the second, for pages about one thing. */
export function ExactTime({ ms, now }: { ms: number; now: number }) {
  const timeZone = useContext(TimeZone);
  return (
    <time datetime={isoTime(ms)} title={exactTime(ms)}>
      <span class="whole">{exactTime(ms, timeZone)}</span> <span class="ago">{relativeTime(ms, now)}</span>
    </time>
  );
}
