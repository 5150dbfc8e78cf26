// The main job, a line a step: from the connection to the paid invoice.

import * as z from "zod";
import { type Api, until } from "./api.ts";
import { connectStripe } from "./connect-stripe.ts";
import { CARD, payInBrowser, readHeading } from "./pay-in-browser.ts";
import type { DemoTenant } from "./prepare-tenant.ts";
import { step } from "./report.ts";

const invoice = z.object({
  id: z.string(),
  number: z.string(),
  currency: z.string(),
  status: z.string(),
  payment_status: z.string(),
  amount_due_decimal: z.string(),
  amount_paid_decimal: z.string(),
  payment_url: z.string().nullable(),
  payment_link: z.object({ status: z.string(), error: z.string().nullable() }).nullable(),
});
export type DemoInvoice = z.infer<typeof invoice>;

const events = z.object({ data: z.array(z.object({ type: z.string() })) });

/** The step that the other steps need. */
export function connect({ api }: DemoTenant): Promise<unknown> {
  return step(
    "connection made and tested",
    () => connectStripe(api),
    ({ connection, checks }) => `${connection.account.id}: ${connection.status}, ${checks} checks passed`,
  );
}

/** Finalises an invoice, pays it on the hosted page, and waits until it is paid. Throws when any step fails. */
export async function doMainJob({ api }: DemoTenant, beforePaying: () => Promise<unknown>): Promise<void> {
  const made = await step(
    "invoice finalised",
    () => finalizeInvoice(api),
    ({ number, amount_due_decimal, currency }) => `${number}, ${amount_due_decimal} ${currency}`,
  );
  const url = await step(
    "payment link made by the queue",
    () => waitForLink(api, made.id),
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
    () => waitForEvent(api, made.id),
    (type) => type,
  );
  await step(
    "invoice paid",
    () => waitUntilPaid(api, made.id),
    ({ amount_paid_decimal, currency }) => `${amount_paid_decimal} ${currency}`,
  );
  await step(
    "payment URL says so",
    () => readHeading(url),
    (heading) => `"${heading}"`,
  );
}

/** One more invoice with its link, for a person to pay. */
export async function offerInvoice({ api }: DemoTenant): Promise<{ number: string; url: string }> {
  const { id, number } = await finalizeInvoice(api);
  return { number, url: await waitForLink(api, id) };
}

async function finalizeInvoice(api: Api): Promise<DemoInvoice> {
  const customer = { name: "Ada Lovelace", email: "ada@example.com" };
  const { id } = await api.post("/customers", customer, z.object({ id: z.string() }));
  const lines = [
    { description: "Pro plan, November", quantity: 1, unit_amount: 9900 },
    { description: "Extra seat", quantity: 2, unit_amount: 1500 },
  ];
  const draft = await api.post(
    "/invoices",
    { customer_id: id, currency: "EUR", lines, send_email: true },
    invoice,
  );
  return api.post(`/invoices/${draft.id}/finalize`, undefined, invoice);
}

function waitForLink(api: Api, invoiceId: string): Promise<string> {
  return until("no payment link was made", async () => {
    const { payment_link: link, payment_url: url } = await api.get(`/invoices/${invoiceId}`, invoice);
    if (link?.status === "failed")
      throw new Error(`The payment link failed: ${link.error ?? "no reason given"}`);
    return link?.status === "active" ? url : null;
  });
}

function waitForEvent(api: Api, invoiceId: string): Promise<string> {
  return until("no webhook of the payment was processed", async () => {
    const { data } = await api.get(`/webhook_events?status=processed&invoice_id=${invoiceId}`, events);
    return data.at(-1)?.type ?? null;
  });
}

function waitUntilPaid(api: Api, invoiceId: string): Promise<DemoInvoice> {
  return until("the invoice was not paid", async () => {
    const present = await api.get(`/invoices/${invoiceId}`, invoice);
    return present.status === "paid" ? present : null;
  });
}
