// A business as one meets it: customers who pay, one who pays late, one who gets money back, one who disputes, and one
// whose card is declined. What screenshots show is made of it.

import * as z from "zod";
import { type Api, until } from "../demo/api.ts";
import { checkOutInBrowser, payInBrowser } from "../demo/pay-in-browser.ts";
import type { Stack } from "../demo/start-stack.ts";
import { subscribe } from "../demo/subscription-job.ts";
import { makeTenant } from "./make-tenant.ts";

// Another for each run, as the last one's is taken back at its end.
const SECRET_KEY = `sk_test_fernhill_${Date.now().toString(36)}`;
/** Sixty characters. */
const LONG_NAME = "Donaudampfschifffahrtselektrizitaetenhauptbetriebswerkbauer1";
const DAY_MS = 24 * 60 * 60 * 1000;

const made = z.object({ id: z.string() });
const invoice = z.object({
  status: z.string(),
  payment_url: z.string().nullable(),
  payment_link: z.object({ status: z.string() }).nullable(),
});
const payments = z.object({ data: z.array(z.object({ id: z.string(), status: z.string() })) });

type Line = { description: string; quantity: number; unit_amount: number };
const seats = (quantity: number): Line => ({
  description: "Team plan, per seat",
  quantity,
  unit_amount: 2400,
});
const ONBOARDING: Line = { description: "Onboarding workshop", quantity: 1, unit_amount: 90_000 };

type Sale = {
  name: string;
  email: string;
  lines: Line[];
  currency?: string;
  dueInDays: number;
  paid: boolean;
};
const SALES: readonly Sale[] = [
  {
    name: "Larkspur Studio",
    email: "accounts@larkspur.example",
    lines: [seats(6)],
    dueInDays: 14,
    paid: true,
  },
  {
    name: "Brightwater Clinics",
    email: "billing@brightwater.example",
    lines: [seats(48), ONBOARDING],
    dueInDays: 30,
    paid: true,
  },
  {
    name: "Harbour & Finch",
    email: "finance@harbourfinch.example",
    lines: [seats(12)],
    currency: "USD",
    dueInDays: 14,
    paid: true,
  },
  {
    name: "Ostrova Logistik",
    email: "rechnung@ostrova.example",
    lines: [seats(31)],
    dueInDays: 10,
    paid: false,
  },
  { name: "Maison Talvi", email: "compta@talvi.example", lines: [seats(4)], dueInDays: -9, paid: false },
  {
    name: "Kestrel Analytics",
    email: "ap@kestrel.example",
    lines: [seats(85), ONBOARDING],
    dueInDays: 30,
    paid: true,
  },
];

export type Business = {
  api: Api;
  apiKey: string;
  tenantId: string;
  environmentId: string;
  refundedInvoiceId: string;
  /** Where its payer reads that it is paid. */
  payPath: string;
};

/** All of it has come to its end at Stripe and here. @throws Error naming what did not */
export async function makeBusiness(stack: Stack): Promise<Business> {
  const tenant = await makeTenant(stack, "Fernhill Software");
  const { api } = tenant;
  await api.post("/connections", { name: "Fernhill", provider: "stripe", secret_key: SECRET_KEY }, made);
  await subscribe(stack, tenant, SECRET_KEY);
  let refundedInvoiceId = "";
  for (const sale of SALES) {
    const id = await sell(api, sale);
    if (sale.lines.includes(ONBOARDING)) refundedInvoiceId = id;
  }
  await refundWorkshop(api, refundedInvoiceId);
  const { payment_url } = await api.get(`/invoices/${refundedInvoiceId}`, invoice);
  return { ...tenant, refundedInvoiceId, payPath: new URL(payment_url ?? "").pathname };
}

/** What a business would rather not have: it is shown as well. */
export async function makeTroubles(stack: Stack, { api }: Business): Promise<void> {
  const { id: customer_id } = await api.post("/customers", { name: LONG_NAME }, made);
  const asked = { customer_id, currency: "EUR", lines: [ONBOARDING, seats(3)] };
  await api.post("/invoices", { ...asked, number: "2026-0117", memo: "Purchase order 4500017" }, made);
  const byHand = await api.post("/invoices", { ...asked, finalize: true }, made);
  const transfer = { amount: 97_200, method: "bank_transfer", reference: "Statement 11/2026" };
  await api.post(`/invoices/${byHand.id}/payments`, transfer, z.unknown());
  const givenUp = await api.post("/invoices", { ...asked, finalize: true }, made);
  await api.post(`/invoices/${givenUp.id}/mark_uncollectible`, {}, made);
  const hooks = { url: `${stack.sandbox}/hooks`, description: "Billing platform" };
  const destination = await api.post("/event_destinations", hooks, made);
  await api.post(`/event_destinations/${destination.id}/test`, {}, z.unknown());
  const revoked = JSON.stringify({ key: SECRET_KEY });
  await fetch(`${stack.sandbox}/_sandbox/keys/revoke`, { method: "POST", body: revoked });
  await api.post("/invoices", { ...asked, finalize: true }, made);
  await until("no job is left", async () => {
    const jobs = await api.get("/jobs", z.object({ data: z.array(z.unknown()) }));
    return jobs.data[0] ?? null;
  });
}

async function sell(
  api: Api,
  { name, email, lines, currency = "EUR", dueInDays, paid }: Sale,
): Promise<string> {
  const { id: customer_id } = await api.post("/customers", { name, email }, made);
  const due_at = new Date(Date.now() + dueInDays * DAY_MS).toISOString();
  const asked = { customer_id, currency, lines, due_at, send_email: true, finalize: true };
  const { id } = await api.post("/invoices", asked, made);
  const url = await until(`${name} has no payment link`, async () => {
    const { payment_link: link, payment_url } = await api.get(`/invoices/${id}`, invoice);
    return link?.status === "active" ? payment_url : null;
  });
  if (!paid) return id;
  await payInBrowser(url);
  await until(`the invoice of ${name} is not paid`, async () => {
    const { status } = await api.get(`/invoices/${id}`, invoice);
    return status === "paid" ? status : null;
  });
  return id;
}

async function refundWorkshop(api: Api, invoiceId: string): Promise<void> {
  const [payment] = (await api.get(`/payments?invoice_id=${invoiceId}`, payments)).data;
  const refunds = `/payments/${payment?.id}/refunds`;
  await api.post(
    refunds,
    { amount: ONBOARDING.unit_amount / 2, reason: "requested_by_customer" },
    z.unknown(),
  );
  await until("the refund has not succeeded", async () => {
    const asked = `/invoices/${invoiceId}`;
    const { amount_refunded } = await api.get(asked, z.object({ amount_refunded: z.int() }));
    return amount_refunded > 0 ? amount_refunded : null;
  });
}

/** A checkout session that is open, and one that was paid. */
export async function checkOut(api: Api): Promise<void> {
  const session = z.object({ url: z.string() });
  const asked = {
    mode: "payment",
    line_items: [
      {
        price_data: { currency: "EUR", unit_amount: 14_900, product_data: { name: "Archive import" } },
        quantity: 1,
      },
    ],
    success_url: "https://fernhill.example/thanks",
    cancel_url: "https://fernhill.example/prices",
  };
  const { url } = await api.post("/checkout_sessions", asked, session);
  await checkOutInBrowser(url, "4242 4242 4242 4242");
  await api.post("/checkout_sessions", asked, session);
}
