// Text with `code` in it, as the schemas' descriptions have it.

import type { Child } from "hono/jsx";

export function Prose({ text }: { text: string }) {
  return <>{text.split("`").map((part, index): Child => (index % 2 === 0 ? part : <code>{part}</code>))}</>;
}
