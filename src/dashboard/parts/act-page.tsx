// The frame of a page on which one thing is done: the way back, and what it is about.

import type { Child, PropsWithChildren } from "hono/jsx";
import { PageHead } from "./panel.tsx";

/** The page that it was come from. */
export type Crumb = { words: Child; href: string };

export function ActPage(
  props: PropsWithChildren<{ crumb: Crumb; title: string; note?: Child; wide?: boolean }>,
) {
  const { crumb, title, note, wide = false, children } = props;
  return (
    <div class={wide ? "act wide" : "act"}>
      <p class="crumb">
        <a href={crumb.href}>{crumb.words}</a>
      </p>
      <PageHead title={title} note={note} />
      {children}
    </div>
  );
}
