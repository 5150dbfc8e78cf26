// A world in which every place that a person can write into holds what a stranger would write there.

import { randomBytes } from "node:crypto";
import { dataOf, type Quittance } from "../../client/index.ts";
import { payInBrowser } from "../demo/pay-in-browser.ts";
import type { Stack } from "../demo/start-stack.ts";
import { subscribe } from "../demo/subscription-job.ts";
import { until } from "../demo/until.ts";
import { checkOut } from "./business.ts";
import { sendHostileEvents } from "./hostile-events.ts";
import { cut, HOSTILE_STRINGS } from "./hostile-strings.ts";
import { makeTenant } from "./make-tenant.ts";
import { readInvoice } from "./scenario.ts";

const ALL = HOSTILE_STRINGS.join(" ");
const LINES = (description: string) => [{ description, quantity: 1, unit_amount: 12_900 }];

export type HostileWorld = Awaited<ReturnType<typeof makeHostileWorld>>;

export async function makeHostileWorld(stack: Stack) {
  const tenant = await makeTenant(stack, `"><x-hostile>${"W".repeat(60)}`);
  const { quittance } = tenant;
  const secretKey = `sk_test_hostile_${randomBytes(4).toString("hex")}`;
  const webhookSecret = `whsec_${randomBytes(24).toString("hex")}`;
  const connecting = { name: cut(ALL, 100), provider: "stripe" as const, secret_key: secretKey };
  const connection = await dataOf(quittance.POST("/api/v1/connections", { body: connecting }));
  const change = { webhook_secret: webhookSecret, webhook_secret_overlap_seconds: 86_400 };
  const params = { path: { id: connection.id } };
  await dataOf(quittance.PATCH("/api/v1/connections/{id}", { params, body: change }));
  const settings = {
    success_message: cut(ALL, 250),
    email_from_name: `${"W".repeat(50)} & '${"İ".repeat(4)}`,
  };
  await dataOf(quittance.PATCH("/api/v1/settings", { body: settings }));
  const shown = await fillWithTexts(quittance);
  await dataOf(quittance.POST("/api/v1/api_keys", { body: { name: cut(ALL, 60), role: "read" } }));
  const payUrls = await sellToStrangers(quittance);
  await subscribe(stack, tenant, secretKey);
  await checkOut(quittance);
  const destination = { url: `${stack.sandbox}/hooks?x="><x-hostile>`, description: cut(ALL, 200) };
  const { id } = await dataOf(quittance.POST("/api/v1/event_destinations", { body: destination }));
  await dataOf(quittance.POST("/api/v1/event_destinations/{id}/test", { params: { path: { id } } }));
  await sendHostileEvents({
    stack,
    quittance,
    webhookUrl: connection.webhook_url ?? "",
    webhookSecret,
    secretKey,
  });
  await leaveUndone(stack, quittance, secretKey);
  return { ...tenant, shown, payUrls };
}

/** For each string a customer and a draft that are called so. @returns those, and what is to be read on their pages */
async function fillWithTexts(quittance: Quittance): Promise<{ path: string; text: string }[]> {
  const shown: { path: string; text: string }[] = [];
  for (const [index, text] of HOSTILE_STRINGS.entries()) {
    const metadata = { [`=${cut(text.replaceAll(/[[\]]/g, ""), 38)}`]: cut(text, 500) };
    const address = { line1: text, line2: text, city: text, state: text, postal_code: cut(text, 20) };
    const customer = { name: cut(text, 200), phone: cut(text, 20), address, metadata };
    const { id } = await dataOf(
      quittance.POST("/api/v1/customers", { body: { ...customer, email: `h${index}@example.com` } }),
    );
    const asked = {
      customer_id: id,
      currency: "EUR",
      number: cut(text, 60),
      memo: text,
      lines: LINES(text),
      metadata,
    };
    const invoice = await dataOf(quittance.POST("/api/v1/invoices", { body: asked }));
    shown.push(
      { path: `/dashboard/customers/${id}`, text },
      { path: `/dashboard/invoices/${invoice.id}`, text },
    );
  }
  return shown;
}

/** Invoices in each state. @returns the addresses under which they say so to payers */
async function sellToStrangers(quittance: Quittance): Promise<string[]> {
  const stranger = { name: `${"M".repeat(59)}…`, email: "stranger@example.com" };
  const { id: customer_id } = await dataOf(quittance.POST("/api/v1/customers", { body: stranger }));
  const urls: string[] = [];
  for (const state of ["paid", "refunded", "by hand", "open", "void", "uncollectible"]) {
    const asked = {
      ...{ customer_id, currency: "EUR", lines: LINES(cut(ALL, 900)), memo: cut(ALL, 1900) },
      ...{ number: `${cut(ALL, 40)} ${state}`, finalize: true, send_email: true },
    };
    const { id } = await dataOf(quittance.POST("/api/v1/invoices", { body: asked }));
    const params = { path: { id } };
    const url = await linkOf(quittance, id);
    if (state === "paid" || state === "refunded") await payInBrowser(url);
    if (state === "refunded") await refund(quittance, id);
    if (state === "by hand") {
      const payment = { amount: 12_900, method: cut(ALL, 40), reference: cut(ALL, 200) };
      await dataOf(quittance.POST("/api/v1/invoices/{id}/payments", { params, body: payment }));
    }
    if (state === "void") await dataOf(quittance.POST("/api/v1/invoices/{id}/void", { params }));
    if (state === "uncollectible")
      await dataOf(quittance.POST("/api/v1/invoices/{id}/mark_uncollectible", { params }));
    if (state !== "open") urls.push(url);
  }
  return urls;
}

function linkOf(quittance: Quittance, id: string): Promise<string> {
  return until("the invoice has no link", async () => {
    const { payment_url: url, payment_link: link } = await readInvoice({ quittance }, id);
    if (link?.status === "failed") throw new Error(`The link failed: ${link.error}`);
    return link?.status === "active" ? url : null;
  });
}

async function refund(quittance: Quittance, invoiceId: string): Promise<void> {
  const query = { invoice_id: invoiceId };
  const { id } = await until("there is no payment", async () => {
    const { data } = await dataOf(quittance.GET("/api/v1/payments", { params: { query } }));
    return data.find(({ status }) => status === "succeeded") ?? null;
  });
  const params = { path: { id } };
  await dataOf(quittance.POST("/api/v1/payments/{id}/refunds", { params, body: { amount: 100 } }));
}

/** At last Stripe takes the key back, so that something is left to be done. */
async function leaveUndone(stack: Stack, quittance: Quittance, key: string): Promise<void> {
  const query = { status: "draft" as const, limit: 1 };
  const { data } = await dataOf(quittance.GET("/api/v1/invoices", { params: { query } }));
  await fetch(`${stack.sandbox}/_sandbox/keys/revoke`, { method: "POST", body: JSON.stringify({ key }) });
  const params = { path: { id: data[0]?.id ?? "" } };
  await dataOf(quittance.POST("/api/v1/invoices/{id}/finalize", { params }));
  await until("no job is left", async () => {
    const jobs = await dataOf(quittance.GET("/api/v1/jobs"));
    return jobs.data[0] ?? null;
  });
}
