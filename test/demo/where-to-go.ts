// Where to go from here, for a person who has everything running before them.

import type { DemoTenant } from "./prepare-tenant.ts";
import { say, sayTable } from "./report.ts";
import type { Stack } from "./start-stack.ts";

/**
 * @param offer an open invoice to pay by hand, if there is one
 * @param portalLink a way into the dashboard for a person
 */
export function sayWhereToGo(
  stack: Stack,
  { apiKey }: DemoTenant,
  offer?: { number: string; url: string },
  portalLink?: string,
): void {
  say();
  sayTable([
    ["Dashboard", `${stack.worker}/dashboard (sign in with the API key)`],
    ...(portalLink === undefined
      ? []
      : ([
          ["As a person", portalLink],
          ["", "works once, within five minutes, as a button of your platform opens it"],
        ] as const)),
    ...(offer
      ? ([
          ["Pay by hand", offer.url],
          ["", `invoice ${offer.number}; 4242 4242 4242 4242, any future date, any CVC`],
        ] as const)
      : []),
    ["API key", apiKey],
    ["", `curl -H 'Authorization: Bearer ${apiKey}' ${stack.worker}/api/v1/invoices`],
    ["API docs", `${stack.worker}/docs`],
    ["Stripe sandbox", stack.sandbox],
    ["Log", stack.paths.log],
  ]);
  say("\nCtrl-C ends everything.");
}
