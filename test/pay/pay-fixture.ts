// Payment URLs as a payer opens them: the address of an invoice, and what is answered there.

import { exports } from "cloudflare:workers";
import { linksOf, type Page, textOf } from "../dashboard/browse.ts";
import { type Json, ORIGIN } from "../harness/api.ts";
import { sandbox } from "../harness/sandbox.ts";
import { eventually, type TestWorld } from "../harness/world.ts";
import { readInvoice } from "../invoices/invoice-fixture.ts";

export type Seen = Page & { text: string; links: string[]; location: string | null };

/** What the invoice's address answers; redirects are not followed. */
export async function visit(
  invoice: Json,
  headers: Record<string, string> = {},
  method = "GET",
): Promise<Seen> {
  return visitUrl(invoice.payment_url, headers, method);
}

export async function visitUrl(
  url: string,
  headers: Record<string, string> = {},
  method = "GET",
): Promise<Seen> {
  const answer = await exports.default.fetch(new Request(url, { method, headers, redirect: "manual" }));
  const html = await answer.text();
  const { status, headers: answered } = answer;
  return {
    ...{ status, headers: answered, html },
    ...{ text: textOf(html), links: linksOf(html), location: answered.get("location") },
  };
}

/** An address of the right form, of nobody's invoice: the last digits are others. */
export function strangeUrl(invoice: Json, keep = 17): string {
  const token = String(invoice.payment_url).split("/").at(-1) ?? "";
  return `${ORIGIN}/pay/${token.slice(0, keep)}${"7".repeat(token.length - keep)}`;
}

/** Pays the invoice's present link at Stripe, and waits until that shows. */
export async function payInvoice(
  world: TestWorld,
  invoice: Json,
  card: string,
  isRight: (seen: Json) => boolean,
): Promise<Json> {
  await sandbox.pay(world.accountId, { paymentLinkId: invoice.payment_link.id }, { card });
  await sandbox.settle();
  return eventually(() => readInvoice(world, invoice.id), isRight);
}
