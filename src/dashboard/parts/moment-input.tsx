// A moment in a filter: typed and shown in the environment's time zone, which the browser's field does not know.

import { useContext } from "hono/jsx";
import { zonedTime } from "../../platform/time-zone.ts";
import { Named } from "./filter-bar.tsx";
import { TimeZone } from "./time-zone.ts";

/** @param props.ms null: none is set */
export function MomentInput(props: {
  name: string;
  /** Where a page has several of one name. */
  id?: string;
  label: string;
  ms: number | null;
  required?: boolean;
}) {
  const { name, id = name, label, ms, required = false } = props;
  const timeZone = useContext(TimeZone);
  return (
    <Named>
      <label for={id}>{`${label} (${timeZone})`}</label>
      <input
        id={id}
        name={name}
        type="datetime-local"
        step={1}
        value={ms === null ? "" : localTime(ms, timeZone)}
        required={required}
      />
    </Named>
  );
}

/** `2026-11-21T09:30:12`, as the field has it: no zone. */
function localTime(ms: number, timeZone: string): string {
  return zonedTime(ms, timeZone).slice(0, 19);
}
