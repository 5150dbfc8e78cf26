// A signed event from the door to its invoice: as Stripe would send it, but made and signed here with the signing
// secret of a connection of our own. It says that an invoice of the doctor's was paid.

import { randomBytes } from "node:crypto";
import * as z from "zod";
import { webhookEventIdFor } from "../../src/platform/ids.ts";
import { ENVIRONMENT_KEY, TENANT_KEY } from "../../src/platform/our-metadata.ts";
import { STRIPE_API_VERSION } from "../../src/platform/stripe.ts";
import { signWebhook } from "../../test/stripe-sandbox/sign-webhook.ts";
import type { Patient } from "./examine.ts";
import { openInvoice } from "./invoice.ts";
import { check, Remediable, type Report } from "./report.ts";
import type { Trial } from "./trial.ts";
import { until } from "./wait.ts";

const eventSchema = z.object({
  status: z.string(),
  error: z.string().nullish(),
  reason: z.string().nullish(),
});

export async function sendSyntheticEvent(patient: Patient, trial: Trial, report: Report): Promise<void> {
  const { stripeKey, patienceMs } = patient;
  if (stripeKey === null) {
    report({
      state: "open",
      what: "event processed",
      detail:
        "not looked at: the door takes events of a connection alone, and a connection needs a key of Stripe's",
      remedy: "Give one of test mode: --stripe-test-key sk_test_…",
    });
    return;
  }
  const secret = `whsec_${randomBytes(24).toString("hex")}`;
  const connectionId = await check(
    report,
    "connection made",
    async () => {
      const body = { name: "doctor", provider: "stripe", secret_key: stripeKey, webhook_setup: "manual" };
      const made = await trial.api.post(
        "/connections",
        { ...body, webhook_secret: secret },
        z.object({ id: z.string(), status: z.string() }),
      );
      return { detail: `${made.id}, ${made.status}`, found: made.id };
    },
    "Give a secret key of Stripe's test mode that may do what GET /restricted_key names. A connection that an earlier run left: delete it in tenant_doctor.",
  );
  if (connectionId === null) return;
  await check(
    report,
    "event processed",
    async () => {
      const { id: invoiceId } = await openInvoice(trial, patienceMs);
      const event = paidEvent(trial, invoiceId);
      const beganMs = performance.now();
      await deliver(patient, trial, secret, event);
      const path = `/webhook_events/${webhookEventIdFor(event.id)}`;
      const ask = () => trial.api.get(path, eventSchema).catch(notYet);
      const isEnded = ({ status }: z.infer<typeof eventSchema>) => !["unseen", "failed"].includes(status);
      const seen = await until(
        ask,
        isEnded,
        patienceMs,
        ({ status, error }) => `it is ${status} ${error ?? ""}`,
      );
      const words = `it ended as ${seen.status} ${seen.error ?? seen.reason ?? ""}`.trim();
      if (seen.status !== "processed") throw new Error(words);
      await until(
        () => trial.api.get(`/invoices/${invoiceId}`, eventSchema),
        ({ status }) => status === "paid",
        patienceMs,
        ({ status }) => `it was processed, but its invoice is ${status}`,
      );
      return {
        detail: `its invoice was paid after ${Math.round(performance.now() - beganMs)} ms`,
        found: true,
      };
    },
    "Does the queue that ends in -stripe-events have its consumer (queues above)? The log of the Worker has the event's id.",
  );
  await trial.api.del(`/connections/${connectionId}`);
}

/** One that is not there yet answers 404. */
function notYet(error: unknown): z.infer<typeof eventSchema> {
  if (error instanceof Error && "status" in error && error.status === 404) return { status: "unseen" };
  throw error;
}

async function deliver({ url }: Patient, trial: Trial, secret: string, event: { id: string }): Promise<void> {
  const body = JSON.stringify(event);
  const signature = await signWebhook(body, [secret], Math.floor(Date.now() / 1000));
  const path = `/api/v1/webhooks/stripe/${trial.tenantId}/${trial.environmentId}`;
  const response = await fetch(new URL(path, url), {
    method: "POST",
    body,
    headers: { "content-type": "application/json", "stripe-signature": signature },
  });
  if (response.ok) return;
  const words = `the door answered ${response.status} to a good signature: ${await response.text()}`;
  const remedy =
    response.status === 400
      ? "This machine's clock may be wrong by minutes, or something in between changes the body."
      : "Nothing in between may ask for a log-in or refuse POST: Stripe has to reach the same address.";
  throw new Remediable(words, remedy);
}

function paidEvent({ tenantId, environmentId }: Trial, invoiceId: string) {
  const unique = randomBytes(9).toString("hex");
  const created = Math.floor(Date.now() / 1000);
  const amount = 12_900;
  const metadata = { invoice_id: invoiceId, [TENANT_KEY]: tenantId, [ENVIRONMENT_KEY]: environmentId };
  return {
    id: `evt_doctor${unique}`,
    object: "event",
    api_version: STRIPE_API_VERSION,
    ...{ created, livemode: false, pending_webhooks: 1, request: { id: null, idempotency_key: null } },
    type: "payment_intent.succeeded",
    data: {
      object: {
        id: `pi_doctor${unique}`,
        object: "payment_intent",
        ...{ amount, amount_received: amount, currency: "eur", created, livemode: false },
        ...{ status: "succeeded", latest_charge: null, last_payment_error: null, metadata },
      },
    },
  };
}
