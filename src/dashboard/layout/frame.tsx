// The frame of dashboard and docs: a side with the navigation, on a narrow screen a bar on top, and the content.

import type { Child, PropsWithChildren } from "hono/jsx";

/**
 * @param props.top what stands in the side's place on a narrow screen; left out: the side itself
 * @param props.strip across the page, above its content
 */
export function Frame(props: PropsWithChildren<{ side: Child; top?: Child; strip?: Child }>) {
  const { side, top, strip, children } = props;
  return (
    <div class={top ? "shell has-top" : "shell"}>
      <header class="side">{side}</header>
      {top ? <header class="top">{top}</header> : null}
      <div class="page">
        {strip}
        <main id="content" tabindex={-1}>
          {children}
        </main>
      </div>
    </div>
  );
}
