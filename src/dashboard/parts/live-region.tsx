// A part of a page that changes by itself while something of it is pending: the script reads the page again and
// takes over this part. Without script a reload does. It is never `aria-busy`: a screen reader may hold back what is.

import type { PropsWithChildren } from "hono/jsx";

/**
 * @param props.name unique on the page
 * @param props.pending whether there is something to wait for; nothing is asked again once it is false
 * @param props.quiet its changes are not read out: another region on the page says what they come to
 */
export function LiveRegion(props: PropsWithChildren<{ name: string; pending: boolean; quiet?: boolean }>) {
  return (
    <div
      class="live"
      data-live={props.name}
      tabindex={-1}
      aria-live={props.quiet ? "off" : "polite"}
      data-pending={props.pending ? "" : undefined}
    >
      {props.children}
    </div>
  );
}
