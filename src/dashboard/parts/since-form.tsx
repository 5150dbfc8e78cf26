// Since when: a time in the environment's time zone, chosen and shown again, with what else the form filters by.

import type { PropsWithChildren } from "hono/jsx";
import { MomentInput } from "./moment-input.tsx";

/** @param props.sinceMs null: no time is set */
export function SinceForm(
  props: PropsWithChildren<{ action: string; name: string; sinceMs: number | null; button: string }>,
) {
  const { name, sinceMs } = props;
  return (
    <form class="filter" method="get" action={props.action}>
      {props.children}
      <MomentInput name={name} label="Since" ms={sinceMs} required={sinceMs !== null} />
      <button type="submit">{props.button}</button>
    </form>
  );
}
