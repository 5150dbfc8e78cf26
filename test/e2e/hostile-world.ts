// A world in which every place that a person can write into holds what a stranger would write there.

import { randomBytes } from "node:crypto";
import * as z from "zod";
import { type Api, ApiError, until } from "../demo/api.ts";
import { payInBrowser } from "../demo/pay-in-browser.ts";
import type { Stack } from "../demo/start-stack.ts";
import { subscribe } from "../demo/subscription-job.ts";
import { checkOut } from "./business.ts";
import { sendHostileEvents } from "./hostile-events.ts";
import { cut, HOSTILE_STRINGS } from "./hostile-strings.ts";
import { makeTenant } from "./make-tenant.ts";

const made = z.object({ id: z.string() });
const ALL = HOSTILE_STRINGS.join(" ");
const LINES = (description: string) => [{ description, quantity: 1, unit_amount: 12_900 }];

export type HostileWorld = Awaited<ReturnType<typeof makeHostileWorld>>;

export async function makeHostileWorld(stack: Stack) {
  const tenant = await makeTenant(stack, `"><x-hostile>${"W".repeat(60)}`);
  const { api } = tenant;
  const secretKey = `sk_test_hostile_${randomBytes(4).toString("hex")}`;
  const webhookSecret = `whsec_${randomBytes(24).toString("hex")}`;
  const connecting = { name: cut(ALL, 100), provider: "stripe", secret_key: secretKey };
  const connection = await api.post("/connections", connecting, made.extend({ webhook_url: z.string() }));
  const change = { webhook_secret: webhookSecret, webhook_secret_overlap_seconds: 86_400 };
  await patch(stack, tenant.apiKey, `/connections/${connection.id}`, change);
  await patch(stack, tenant.apiKey, "/settings", {
    success_message: cut(ALL, 250),
    email_from_name: `${"W".repeat(50)} & '${"İ".repeat(4)}`,
  });
  const shown = await fillWithTexts(api);
  await api.post("/api_keys", { name: cut(ALL, 60), role: "read" }, z.unknown());
  const payUrls = await sellToStrangers(api);
  await subscribe(stack, tenant, secretKey);
  await checkOut(api);
  const destination = { url: `${stack.sandbox}/hooks?x="><x-hostile>`, description: cut(ALL, 200) };
  const { id } = await api.post("/event_destinations", destination, made);
  await api.post(`/event_destinations/${id}/test`, {}, z.unknown());
  await sendHostileEvents({ stack, api, webhookUrl: connection.webhook_url, webhookSecret, secretKey });
  await leaveUndone(stack, api, secretKey);
  return { ...tenant, shown, payUrls };
}

/** For each string a customer and a draft that are called so. @returns those, and what is to be read on their pages */
async function fillWithTexts(api: Api): Promise<{ path: string; text: string }[]> {
  const shown: { path: string; text: string }[] = [];
  for (const [index, text] of HOSTILE_STRINGS.entries()) {
    const metadata = { [`=${cut(text.replaceAll(/[[\]]/g, ""), 38)}`]: cut(text, 500) };
    const address = { line1: text, line2: text, city: text, state: text, postal_code: cut(text, 20) };
    const customer = { name: cut(text, 200), phone: cut(text, 20), address, metadata };
    const { id } = await api.post("/customers", { ...customer, email: `h${index}@example.com` }, made);
    const asked = {
      customer_id: id,
      currency: "EUR",
      number: cut(text, 60),
      memo: text,
      lines: LINES(text),
      metadata,
    };
    const invoice = await api.post("/invoices", asked, made);
    shown.push(
      { path: `/dashboard/customers/${id}`, text },
      { path: `/dashboard/invoices/${invoice.id}`, text },
    );
  }
  return shown;
}

/** Invoices in each state. @returns the addresses under which they say so to payers */
async function sellToStrangers(api: Api): Promise<string[]> {
  const { id: customer_id } = await api.post(
    "/customers",
    { name: `${"M".repeat(59)}…`, email: "stranger@example.com" },
    made,
  );
  const urls: string[] = [];
  for (const state of ["paid", "refunded", "by hand", "open", "void", "uncollectible"]) {
    const asked = {
      ...{ customer_id, currency: "EUR", lines: LINES(cut(ALL, 900)), memo: cut(ALL, 1900) },
      ...{ number: `${cut(ALL, 40)} ${state}`, finalize: true, send_email: true },
    };
    const { id } = await api.post("/invoices", asked, made);
    const url = await linkOf(api, id);
    if (state === "paid" || state === "refunded") await payInBrowser(url);
    if (state === "refunded") await refund(api, id);
    if (state === "by hand") {
      const payment = { amount: 12_900, method: cut(ALL, 40), reference: cut(ALL, 200) };
      await api.post(`/invoices/${id}/payments`, payment, z.unknown());
    }
    if (state === "void") await api.post(`/invoices/${id}/void`, {}, made);
    if (state === "uncollectible") await api.post(`/invoices/${id}/mark_uncollectible`, {}, made);
    if (state !== "open") urls.push(url);
  }
  return urls;
}

function linkOf(api: Api, id: string): Promise<string> {
  const answer = z.object({
    payment_url: z.string().nullable(),
    payment_link: z.object({ status: z.string(), error: z.string().nullable() }).nullable(),
  });
  return until("the invoice has no link", async () => {
    const { payment_url: url, payment_link: link } = await api.get(`/invoices/${id}`, answer);
    if (link?.status === "failed") throw new Error(`The link failed: ${link.error}`);
    return link?.status === "active" ? url : null;
  });
}

async function refund(api: Api, invoiceId: string): Promise<void> {
  const payments = z.object({ data: z.array(z.object({ id: z.string(), status: z.string() })) });
  const paid = await until("there is no payment", async () => {
    const { data } = await api.get(`/payments?invoice_id=${invoiceId}`, payments);
    return data.find(({ status }) => status === "succeeded") ?? null;
  });
  await api.post(`/payments/${paid.id}/refunds`, { amount: 100 }, z.unknown());
}

/** At last Stripe takes the key back, so that something is left to be done. */
async function leaveUndone(stack: Stack, api: Api, key: string): Promise<void> {
  const { data } = await api.get("/invoices?status=draft&limit=1", z.object({ data: z.array(made) }));
  await fetch(`${stack.sandbox}/_sandbox/keys/revoke`, { method: "POST", body: JSON.stringify({ key }) });
  await api.post(`/invoices/${data[0]?.id}/finalize`, {}, made);
  await until("no job is left", async () => {
    const jobs = await api.get("/jobs", z.object({ data: z.array(z.unknown()) }));
    return jobs.data[0] ?? null;
  });
}

async function patch(stack: Stack, key: string, path: string, body: unknown): Promise<void> {
  const answer = await fetch(`${stack.worker}/api/v1${path}`, {
    method: "PATCH",
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new ApiError(`PATCH ${path}`, answer.status, await answer.text());
}
