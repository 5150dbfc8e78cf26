// A business as one meets it: customers who pay, one who pays late, one who gets money back, one who disputes, and one
// whose card is declined. What screenshots show is made of it.

import { dataOf, type Quittance } from "../../client/index.ts";
import { checkOutInBrowser, payInBrowser } from "../demo/pay-in-browser.ts";
import type { Stack } from "../demo/start-stack.ts";
import { subscribe } from "../demo/subscription-job.ts";
import { until } from "../demo/until.ts";
import { makeTenant } from "./make-tenant.ts";
import { readInvoice } from "./scenario.ts";

// Another for each run, as the last one's is taken back at its end.
const SECRET_KEY = `sk_test_fernhill_${Date.now().toString(36)}`;
/** Sixty characters. */
const LONG_NAME = "Donaudampfschifffahrtselektrizitaetenhauptbetriebswerkbauer1";
const DAY_MS = 24 * 60 * 60 * 1000;

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
  quittance: Quittance;
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
  const { quittance } = tenant;
  const connection = { name: "Fernhill", provider: "stripe" as const, secret_key: SECRET_KEY };
  await dataOf(quittance.POST("/api/v1/connections", { body: connection }));
  await subscribe(stack, tenant, SECRET_KEY);
  let refundedInvoiceId = "";
  for (const sale of SALES) {
    const id = await sell(quittance, sale);
    if (sale.lines.includes(ONBOARDING)) refundedInvoiceId = id;
  }
  await refundWorkshop(quittance, refundedInvoiceId);
  const { payment_url } = await readInvoice(tenant, refundedInvoiceId);
  return { ...tenant, refundedInvoiceId, payPath: new URL(payment_url ?? "").pathname };
}

/** What a business would rather not have: it is shown as well. */
export async function makeTroubles(stack: Stack, { quittance }: Business): Promise<void> {
  const { id: customer_id } = await dataOf(
    quittance.POST("/api/v1/customers", { body: { name: LONG_NAME } }),
  );
  const asked = { customer_id, currency: "EUR", lines: [ONBOARDING, seats(3)] };
  const make = (more: { number?: string; memo?: string; finalize?: boolean }) =>
    dataOf(quittance.POST("/api/v1/invoices", { body: { ...asked, ...more } }));
  await make({ number: "2026-0117", memo: "Purchase order 4500017" });
  const byHand = { path: { id: (await make({ finalize: true })).id } };
  const transfer = { amount: 97_200, method: "bank_transfer", reference: "Statement 11/2026" };
  await dataOf(quittance.POST("/api/v1/invoices/{id}/payments", { params: byHand, body: transfer }));
  const givenUp = { path: { id: (await make({ finalize: true })).id } };
  await dataOf(quittance.POST("/api/v1/invoices/{id}/mark_uncollectible", { params: givenUp }));
  const hooks = { url: `${stack.sandbox}/hooks`, description: "Billing platform" };
  const destination = await dataOf(quittance.POST("/api/v1/event_destinations", { body: hooks }));
  const path = { id: destination.id };
  await dataOf(quittance.POST("/api/v1/event_destinations/{id}/test", { params: { path } }));
  const revoked = JSON.stringify({ key: SECRET_KEY });
  await fetch(`${stack.sandbox}/_sandbox/keys/revoke`, { method: "POST", body: revoked });
  await make({ finalize: true });
  await until("no job is left", async () => {
    const { data } = await dataOf(quittance.GET("/api/v1/jobs"));
    return data[0] ?? null;
  });
}

async function sell(
  quittance: Quittance,
  { name, email, lines, currency = "EUR", dueInDays, paid }: Sale,
): Promise<string> {
  const { id: customer_id } = await dataOf(quittance.POST("/api/v1/customers", { body: { name, email } }));
  const due_at = new Date(Date.now() + dueInDays * DAY_MS).toISOString();
  const body = { customer_id, currency, lines, due_at, send_email: true, finalize: true };
  const { id } = await dataOf(quittance.POST("/api/v1/invoices", { body }));
  const url = await until(`${name} has no payment link`, async () => {
    const { payment_link: link, payment_url } = await readInvoice({ quittance }, id);
    return link?.status === "active" ? payment_url : null;
  });
  if (!paid) return id;
  await payInBrowser(url);
  await until(`the invoice of ${name} is not paid`, async () => {
    const { status } = await readInvoice({ quittance }, id);
    return status === "paid" ? status : null;
  });
  return id;
}

async function refundWorkshop(quittance: Quittance, invoiceId: string): Promise<void> {
  const query = { invoice_id: invoiceId };
  const { data } = await dataOf(quittance.GET("/api/v1/payments", { params: { query } }));
  const body = { amount: ONBOARDING.unit_amount / 2, reason: "requested_by_customer" as const };
  const params = { path: { id: data[0]?.id ?? "" } };
  await dataOf(quittance.POST("/api/v1/payments/{id}/refunds", { params, body }));
  await until("the refund has not succeeded", async () => {
    const { amount_refunded } = await readInvoice({ quittance }, invoiceId);
    return amount_refunded > 0 ? amount_refunded : null;
  });
}

/** A checkout session that is open, and one that was paid. */
export async function checkOut(quittance: Quittance): Promise<void> {
  const asked = {
    mode: "payment" as const,
    line_items: [
      {
        price_data: { currency: "EUR", unit_amount: 14_900, product_data: { name: "Archive import" } },
        quantity: 1,
      },
    ],
    success_url: "https://fernhill.example/thanks",
    cancel_url: "https://fernhill.example/prices",
  };
  const { url } = await dataOf(quittance.POST("/api/v1/checkout_sessions", { body: asked }));
  await checkOutInBrowser(url ?? "", "4242 4242 4242 4242");
  await dataOf(quittance.POST("/api/v1/checkout_sessions", { body: asked }));
}
