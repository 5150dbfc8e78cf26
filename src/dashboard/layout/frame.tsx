// The frame of dashboard and docs: a side with the navigation, and the content.

import type { Child, PropsWithChildren } from "hono/jsx";

export function Frame({ side, children }: PropsWithChildren<{ side: Child }>) {
  return (
    <div class="shell">
      <header class="side">{side}</header>
      <main id="content" tabindex={-1}>
        {children}
      </main>
    </div>
  );
}
