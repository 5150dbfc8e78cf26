// Since when: a time in UTC, chosen and shown again, with what else the form filters by.

import type { PropsWithChildren } from "hono/jsx";
import { isoTime } from "../../platform/iso-time.ts";

/** @param props.sinceMs null: no time is set */
export function SinceForm(
  props: PropsWithChildren<{ action: string; name: string; sinceMs: number | null; button: string }>,
) {
  const { name, sinceMs } = props;
  return (
    <form class="filter" method="get" action={props.action}>
      {props.children}
      <label for={name}>Since (UTC)</label>
      <input
        id={name}
        name={name}
        type="datetime-local"
        step={1}
        value={sinceMs === null ? "" : localTime(sinceMs)}
        required={sinceMs !== null}
      />
      <button type="submit">{props.button}</button>
    </form>
  );
}

/** `2026-11-21T09:30:12`, as the field has it: no zone. */
function localTime(ms: number): string {
  return isoTime(ms).slice(0, 19);
}
