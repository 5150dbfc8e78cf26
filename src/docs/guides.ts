// The guides, in the order in which they are read.

import client from "./guides/client.md";
import conventions from "./guides/conventions.md";
import errors from "./guides/errors.md";
import notifications from "./guides/notifications.md";
import stripeEvents from "./guides/stripe-events.md";

export type Guide = { slug: string; title: string; summary: string; group: string; text: string };

export const GUIDES: readonly Guide[] = [
  guide("conventions", "Use", conventions),
  guide("client", "Use", client),
  guide("notifications", "Use", notifications),
  guide("stripe-events", "Look up", stripeEvents),
  guide("errors", "Look up", errors),
];

export function findGuide(slug: string): Guide | undefined {
  return GUIDES.find((one) => one.slug === slug);
}

/** A guide's first line is its title, `# …`; its first paragraph says what it is about. */
function guide(slug: string, group: string, text: string): Guide {
  const [, title = slug, summary = ""] = /^# (.+)\n+([^\n]+)/.exec(text) ?? [];
  return { slug, title, summary: summary.replaceAll(/\[([^[\]]*)\]\([^()[]*\)|`/g, "$1"), group, text };
}
