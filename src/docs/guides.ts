// The guides, in the order in which they are read.

import checkout from "./guides/checkout.md";
import client from "./guides/client.md";
import conventions from "./guides/conventions.md";
import dunning from "./guides/dunning.md";
import errors from "./guides/errors.md";
import goingLive from "./guides/going-live.md";
import notifications from "./guides/notifications.md";
import operations from "./guides/operations.md";
import payments from "./guides/payments.md";
import quickstart from "./guides/quickstart.md";
import refunds from "./guides/refunds.md";
import security from "./guides/security.md";
import stripeEvents from "./guides/stripe-events.md";
import stripeSetup from "./guides/stripe-setup.md";
import tenants from "./guides/tenants.md";
import testCards from "./guides/test-cards.md";
import troubleshooting from "./guides/troubleshooting.md";

export type Guide = { slug: string; title: string; summary: string; group: string; text: string };

export const GUIDES: readonly Guide[] = [
  guide("quickstart", "Begin", quickstart),
  guide("stripe-setup", "Begin", stripeSetup),
  guide("test-cards", "Begin", testCards),
  guide("going-live", "Begin", goingLive),
  guide("payments", "Sell", payments),
  guide("refunds", "Sell", refunds),
  guide("dunning", "Sell", dunning),
  guide("checkout", "Sell", checkout),
  guide("tenants", "Sell", tenants),
  guide("conventions", "Build", conventions),
  guide("client", "Build", client),
  guide("notifications", "Build", notifications),
  guide("troubleshooting", "Run", troubleshooting),
  guide("operations", "Run", operations),
  guide("security", "Run", security),
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
