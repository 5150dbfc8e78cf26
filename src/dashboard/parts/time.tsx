// A time in the environment's time zone, with how long ago it was; UTC shows when it is pointed at.

import { useContext } from "hono/jsx";
import { isoTime } from "../../platform/iso-time.ts";
import { exactTime, relativeTime, secondTime, shortTime } from "../time-words.ts";
import { TimeZone } from "./time-zone.ts";

export function Time({ ms, now }: { ms: number; now: number }) {
  const timeZone = useContext(TimeZone);
  return (
    <time datetime={isoTime(ms)} title={exactTime(ms)}>
      {shortTime(ms, now, timeZone)} <span class="ago">{relativeTime(ms, now)}</span>
    </time>
  );
}

/** By itself, such as an end that lies ahead, or within a sentence. @param props.now left out: the year goes without saying */
export function Moment({ ms, now = ms }: { ms: number; now?: number }) {
  const timeZone = useContext(TimeZone);
  return (
    <time datetime={isoTime(ms)} title={exactTime(ms)}>
      {shortTime(ms, now, timeZone)}
    </time>
  );
}

/** To the second, for pages about one thing. */
export function ExactTime({ ms, now }: { ms: number; now: number }) {
  const timeZone = useContext(TimeZone);
  return (
    <time datetime={isoTime(ms)} title={exactTime(ms)}>
      <span class="whole">{secondTime(ms, now, timeZone)}</span>{" "}
      <span class="ago">{relativeTime(ms, now)}</span>
    </time>
  );
}
