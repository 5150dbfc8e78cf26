// The main job, a line a step: from the connection to the paid invoice.

import { dataOf, type Quittance } from "../../client/index.ts";
import type { components } from "../../client/openapi.generated.ts";
import { connectStripe } from "./connect-stripe.ts";
import { CARD, payInBrowser, readHeading } from "./pay-in-browser.ts";
import type { DemoTenant } from "./prepare-tenant.ts";
import { step } from "./report.ts";
import { until } from "./until.ts";

type Invoice = components["schemas"]["Invoice"];

/** The step that the other steps need. */
export function connect({ quittance }: DemoTenant): Promise<unknown> {
  return step(
    "connection made and tested",
    () => connectStripe(quittance),
    ({ connection, checks }) => `${connection.account.id}: ${connection.status}, ${checks} checks passed`,
  );
}

/** Finalises an invoice, pays it on the hosted page, and waits until it is paid. Throws when any step fails. */
export async function doMainJob(
  { quittance }: DemoTenant,
  beforePaying: () => Promise<unknown>,
): Promise<void> {
  const made = await step(
    "invoice finalised",
    () => finalizeInvoice(quittance),
    ({ number, amount_due_decimal, currency }) => `${number}, ${amount_due_decimal} ${currency}`,
  );
  const url = await step(
    "payment link made by the queue",
    () => waitForLink(quittance, made.id),
    (linkUrl) => linkUrl,
  );
  await beforePaying();
  await step(
    "paid on the hosted page",
    () => payInBrowser(url),
    (heading) => `${CARD}: "${heading}"`,
  );
  await step(
    "webhook verified",
    () => waitForEvent(quittance, made.id),
    (type) => type,
  );
  await step(
    "invoice paid",
    () => waitUntilPaid(quittance, made.id),
    ({ amount_paid_decimal, currency }) => `${amount_paid_decimal} ${currency}`,
  );
  await step(
    "payment URL says so",
    () => readHeading(url),
    (heading) => `"${heading}"`,
  );
}

/** One more invoice with its link, for a person to pay. */
export async function offerInvoice({ quittance }: DemoTenant): Promise<{ number: string; url: string }> {
  const { id, number } = await finalizeInvoice(quittance);
  return { number, url: await waitForLink(quittance, id) };
}

async function finalizeInvoice(quittance: Quittance): Promise<Invoice> {
  const customer = { name: "Ada Lovelace", email: "ada@example.com" };
  const { id: customer_id } = await dataOf(quittance.POST("/api/v1/customers", { body: customer }));
  const lines = [
    { description: "Pro plan, November", quantity: 1, unit_amount: 9900 },
    { description: "Extra seat", quantity: 2, unit_amount: 1500 },
  ];
  const body = { customer_id, currency: "EUR", lines, send_email: true };
  const { id } = await dataOf(quittance.POST("/api/v1/invoices", { body }));
  return dataOf(quittance.POST("/api/v1/invoices/{id}/finalize", { params: { path: { id } } }));
}

function waitForLink(quittance: Quittance, invoiceId: string): Promise<string> {
  return until("no payment link was made", async () => {
    const { payment_link: link, payment_url: url } = await readInvoice(quittance, invoiceId);
    if (link?.status === "failed")
      throw new Error(`The payment link failed: ${link.error ?? "no reason given"}`);
    return link?.status === "active" ? url : null;
  });
}

function waitForEvent(quittance: Quittance, invoice_id: string): Promise<string> {
  const query = { status: "processed" as const, invoice_id };
  return until("no webhook of the payment was processed", async () => {
    const { data } = await dataOf(quittance.GET("/api/v1/webhook_events", { params: { query } }));
    return data.at(-1)?.type ?? null;
  });
}

function waitUntilPaid(quittance: Quittance, invoiceId: string): Promise<Invoice> {
  return until("the invoice was not paid", async () => {
    const present = await readInvoice(quittance, invoiceId);
    return present.status === "paid" ? present : null;
  });
}

function readInvoice(quittance: Quittance, id: string): Promise<Invoice> {
  return dataOf(quittance.GET("/api/v1/invoices/{id}", { params: { path: { id } } }));
}
