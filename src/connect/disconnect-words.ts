// Says what goes on at Stripe once a connection is disconnected, and what to do about it. Pure.

import type { OpenEnds } from "../ledger/erasure/open-ends.ts";

const NAMED = 1_000;

/**
 * What stays of the open ends, a sentence a kind and reason.
 * @param whyOf why a link, by Stripe's id, could not be switched off
 * @param accountId of the connection that goes
 */
export function sayOpenEnds(ends: OpenEnds, whyOf: ReadonlyMap<string, string>, accountId: string): string[] {
  const byReason = Map.groupBy(ends.links, (link) => whyOf.get(link.stripePaymentLinkId) ?? "");
  const links = [...byReason].flatMap(([why, some]) =>
    sentence("These payment links may still be paid", some.map(linkWords), [
      why,
      "Deactivate them in Stripe's dashboard under Payment Links,",
      `or connect the account ${accountId} again: then they are switched off.`,
    ]),
  );
  return [...links, ...sayGoingOn(ends)];
}

/**
 * The same of what is still connected: what disconnecting would do, and what it would leave.
 * @param byConnect whether access by Stripe Connect would be given back
 */
export function sayBefore(ends: OpenEnds, byConnect: boolean): string[] {
  return [
    ...(byConnect
      ? [
          "The access to the account would be given back at Stripe: to connect again, its owner consents again.",
        ]
      : []),
    ...sentence("These payment links would be switched off", ends.links.map(linkWords), [
      "Their invoices stay open.",
    ]),
    ...sayGoingOn(ends),
  ];
}

function sayGoingOn({ payments, checkoutSessions, subscriptions }: OpenEnds): string[] {
  return [
    ...sentence(
      "These payments are on their way at Stripe, and their end will not be heard of here",
      payments.map(paymentWords),
      ["Wait for them, or look at them in Stripe's dashboard under Payments."],
    ),
    ...sentence(
      "These checkout sessions can still be paid, or their payment is on its way, which will not be heard of here",
      checkoutSessions,
      ["One that is open expires within a day."],
    ),
    ...sentence("These subscriptions go on at Stripe, and are billed there", subscriptions, [
      "Cancel them in Stripe's dashboard under Subscriptions if they are to end.",
    ]),
  ];
}

function paymentWords({ id, invoiceId, subscriptionId }: OpenEnds["payments"][number]): string {
  return invoiceId === null ? `${id} (subscription ${subscriptionId})` : `${id} (invoice ${invoiceId})`;
}

function linkWords({ stripePaymentLinkId, invoiceId }: OpenEnds["links"][number]): string {
  return `${stripePaymentLinkId} (invoice ${invoiceId})`;
}

function sentence(what: string, named: readonly string[], then: readonly string[]): string[] {
  if (named.length === 0) return [];
  const more = named.length > NAMED ? ` and ${named.length - NAMED} more` : "";
  const list = `${what}: ${named.slice(0, NAMED).join(", ")}${more}.`;
  return [[list, ...then.filter((words) => words !== "")].join(" ")];
}
