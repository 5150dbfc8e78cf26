// What stands in the way of everything else on the page, with the one thing to do about it.

import type { PropsWithChildren } from "hono/jsx";

export function Banner(
  props: PropsWithChildren<{
    tone: "bad" | "warn";
    title: string;
    action?: { words: string; href: string } | undefined;
  }>,
) {
  const { tone, title, action, children } = props;
  return (
    <div class={`banner ${tone}`} role="note">
      <div>
        <strong>{title}</strong>
        {children}
      </div>
      {action ? (
        <a class="button primary" href={action.href}>
          {action.words}
        </a>
      ) : null}
    </div>
  );
}
