// An invoice that is paid by card, and what happens to its money at Stripe.

import type Stripe from "stripe";
import type { Answer, Json } from "../harness/api.ts";
import { sandbox } from "../harness/sandbox.ts";
import { createPayableInvoice, createWorld, eventually, type TestWorld, testDeps } from "../harness/world.ts";

type Fault = Parameters<typeof sandbox.world.faults.push>[0];
export type Paid = TestWorld & {
  invoiceId: string;
  paymentId: string;
  refund: (body?: unknown) => Promise<Answer<Json>>;
};

/** An invoice over 129.00 EUR, paid by card through the sandbox. */
export async function paidWorld(card = "4242 4242 4242 4242"): Promise<Paid> {
  const world = await createWorld();
  const invoice = await createPayableInvoice(world);
  await sandbox.pay(world.accountId, { paymentLinkId: invoice.payment_link.id }, { card });
  await sandbox.settle();
  await eventually(
    async () => (await world.api("GET", `/invoices/${invoice.id}`)).body,
    (seen) => seen.status === "paid",
  );
  const [payment] = (await world.api("GET", `/payments?invoice_id=${invoice.id}`)).body.data;
  const refund = (body: unknown = {}) => world.api("POST", `/payments/${payment.id}/refunds`, body);
  return { ...world, invoiceId: invoice.id, paymentId: payment.id, refund };
}

export const invoiceOf = async (world: Paid) => (await world.api("GET", `/invoices/${world.invoiceId}`)).body;
export const refundsOf = async (world: Paid) =>
  (await world.api("GET", `/refunds?payment_id=${world.paymentId}`)).body.data;
export const atStripe = (world: Pick<TestWorld, "secretKey">) =>
  Object.values(sandbox.accountFor(world.secretKey).refunds);

/** The next calls that make a refund at Stripe go wrong so. */
export function fault(kind: Fault["kind"], times = 1): void {
  sandbox.world.faults.push({ method: "POST", path: "/v1/refunds", times, kind });
}

/** As a person does it in Stripe's dashboard. */
export async function refundAtStripe(world: Paid, params: Stripe.RefundCreateParams): Promise<void> {
  const payment = (await world.api("GET", `/payments/${world.paymentId}`)).body;
  const { refunds } = testDeps().stripe(world.secretKey);
  await refunds.create({ payment_intent: payment.provider_payment_id, ...params });
  await sandbox.settle();
}

export async function closeDispute(world: Paid, disputeId: string, outcome: "won" | "lost"): Promise<void> {
  const init = { method: "POST", body: JSON.stringify({ outcome, key: world.secretKey }) };
  const response = await sandbox.fetch(
    new Request(`http://stripe.sandbox/_sandbox/disputes/${disputeId}/close`, init),
  );
  if (!response.ok) throw new Error(await response.text());
  await sandbox.settle();
}
