// A part of a page that changes by itself while something of it is pending: the script reads the page again and
// takes over this part. Without script a reload does.

import type { PropsWithChildren } from "hono/jsx";

/**
 * @param props.name unique on the page
 * @param props.pending whether there is something to wait for; nothing is asked again once it is false
 */
export function LiveRegion(props: PropsWithChildren<{ name: string; pending: boolean }>) {
  return (
    <div
      class="live"
      data-live={props.name}
      tabindex={-1}
      aria-live="polite"
      aria-busy={props.pending ? "true" : undefined}
    >
      {props.children}
    </div>
  );
}
