// What else can be done, folded behind a button; it opens without script.

import type { Child, PropsWithChildren } from "hono/jsx";

/** @param props.children links and buttons */
export function Menu({ label, words = "⋯", children }: PropsWithChildren<{ label: string; words?: Child }>) {
  return (
    <details class="menu" data-menu="">
      <summary class="button" aria-label={label}>
        {words}
      </summary>
      <div class="floating">{children}</div>
    </details>
  );
}
