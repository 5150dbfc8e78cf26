// Since when: a time in the environment's time zone, chosen and shown again, with what else the form filters by.

import type { PropsWithChildren } from "hono/jsx";
import { useContext } from "hono/jsx";
import { zonedTime } from "../../platform/time-zone.ts";
import { TimeZone } from "./time-zone.ts";

/** @param props.sinceMs null: no time is set */
export function SinceForm(
  props: PropsWithChildren<{ action: string; name: string; sinceMs: number | null; button: string }>,
) {
  const { name, sinceMs } = props;
  const timeZone = useContext(TimeZone);
  return (
    <form class="filter" method="get" action={props.action}>
      {props.children}
      <label for={name}>Since ({timeZone})</label>
      <input
        id={name}
        name={name}
        type="datetime-local"
        step={1}
        value={sinceMs === null ? "" : localTime(sinceMs, timeZone)}
        required={sinceMs !== null}
      />
      <button type="submit">{props.button}</button>
    </form>
  );
}

/** `2026-11-21T09:30:12`, as the field has it: no zone. */
function localTime(ms: number, timeZone: string): string {
  return zonedTime(ms, timeZone).slice(0, 19);
}
