// The whole of it against Stripe itself, in test mode: a connection that sets itself up, an invoice, its link, a payment
// that Stripe tells of by its own webhook, and a refund of it.

import * as z from "zod";
import { payInBrowser } from "../../test/demo/pay-in-browser.ts";
import { connectionTest } from "./connections.ts";
import type { Patient } from "./examine.ts";
import { invoiceSchema, openInvoice } from "./invoice.ts";
import { isLocal } from "./readiness.ts";
import { check, Remediable, type Report } from "./report.ts";
import type { Trial } from "./trial.ts";
import { until } from "./wait.ts";

const PAY_WITHIN_MS = 10 * 60_000;

export async function runStripeFlow(patient: Patient, trial: Trial, report: Report): Promise<void> {
  const { stripeKey, patienceMs, say } = patient;
  const { api } = trial;
  const connectionId = await check(
    report,
    "Stripe: connection set up",
    async () => {
      const body = { name: "doctor", provider: "stripe", secret_key: stripeKey, webhook_setup: "automatic" };
      const made = await api.post("/connections", body, z.object({ id: z.string() }));
      trial.later(() => api.del(`/connections/${made.id}`));
      const { ok, checks } = await api.post(`/connections/${made.id}/test`, undefined, connectionTest);
      const failed = checks.filter((one) => !one.ok);
      if (!ok)
        throw new Remediable(`fails at ${failed[0]?.name}`, failed.map(({ detail }) => detail).join(" "));
      return { detail: `${checks.length} checks passed`, found: made.id };
    },
    "Give a secret key of Stripe's test mode that may do what GET /restricted_key names.",
  );
  if (connectionId === null) return;
  const invoice = await check(
    report,
    "Stripe: payment link made",
    async () => {
      const made = await openInvoice(trial, patienceMs);
      return { detail: made.payment_url ?? "", found: made };
    },
    "The link's own words say what Stripe refused.",
  );
  if (invoice === null) return;
  const isPaid = await check(
    report,
    "Stripe: paid, and told of by Stripe's webhook",
    async () => {
      const withinMs = await pay(invoice.payment_url ?? "", patienceMs, say);
      await until(
        () => api.get(`/invoices/${invoice.id}`, invoiceSchema),
        ({ status }) => status === "paid",
        withinMs,
        ({ status }) => `the invoice is ${status}`,
      );
      return { detail: invoice.id, found: true };
    },
    "Was it paid on Stripe's page? Then look in Stripe's Workbench at the deliveries to this deployment's endpoint.",
  );
  if (isPaid === null) return;
  await check(
    report,
    "Stripe: refunded",
    async () => {
      const { data } = await api.get(
        `/payments?invoice_id=${invoice.id}`,
        z.object({ data: z.array(z.object({ id: z.string() })) }),
      );
      await api.post(`/payments/${data[0]?.id}/refunds`, {}, z.unknown());
      const { amount_refunded } = await until(
        () => api.get(`/invoices/${invoice.id}`, invoiceSchema),
        (seen) => seen.amount_refunded > 0,
        patienceMs,
        () => "no refund was told of",
      );
      return { detail: `${amount_refunded} minor units`, found: true };
    },
    "The account's balance of test mode may not do for it: pay once with 4000 0000 0000 0077.",
  );
}

/** The sandbox's page can be paid from here; Stripe's own wants a person. @returns how long that may take, ms */
async function pay(url: string, patienceMs: number, say: (line: string) => void): Promise<number> {
  const page = (await fetch(url, { redirect: "manual" })).headers.get("location") ?? url;
  if (isLocal(new URL(page, url).href)) {
    await payInBrowser(url);
    return patienceMs;
  }
  say(`  Pay at ${url} with 4242 4242 4242 4242 within ten minutes.`);
  return PAY_WITHIN_MS;
}
