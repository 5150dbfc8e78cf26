// Statuses in a word and a tone. The word carries the meaning; the colour only helps.

import type { PropsWithChildren } from "hono/jsx";
import type { BadgeTone, StatusLook } from "../status-words.ts";

export function Badge({ tone, title, children }: PropsWithChildren<{ tone: BadgeTone; title?: string }>) {
  return (
    <span class={`badge ${tone}`} title={title}>
      {children}
    </span>
  );
}

export function StatusBadge({ look }: { look: StatusLook }) {
  return (
    <Badge tone={look.tone} title={look.means}>
      {look.word}
    </Badge>
  );
}
