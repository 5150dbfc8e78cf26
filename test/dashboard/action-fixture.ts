// A draft, an invoice with a link, one that is paid, and what a browser would send from a form.

import { sandbox } from "../harness/sandbox.ts";
import { createOpenInvoice, createPayableInvoice, createWorld, type TestWorld } from "../harness/world.ts";
import { type Paid as PaidWorld, paidWorld as payInvoice } from "../payments/refund-fixture.ts";

export const HOSTILE = `<script>alert("x")</script><img src=x onerror=alert(1)>'"`;

export type Paid = PaidWorld & { page: string; form: string };

export const invoiceOf = async (world: TestWorld, id: string) =>
  (await world.api("GET", `/invoices/${id}`)).body;
export const refundsAtStripe = (world: TestWorld) =>
  Object.values(sandbox.accountFor(world.secretKey).refunds);

export async function linkedWorld(): Promise<
  TestWorld & { invoiceId: string; linkId: string; page: string }
> {
  const world = await createWorld();
  const { id, payment_link } = await createPayableInvoice(world);
  return { ...world, invoiceId: id, linkId: payment_link.id, page: `/dashboard/invoices/${id}` };
}

/** An invoice over 129.00 EUR, paid through the sandbox. */
export async function paidWorld(): Promise<Paid> {
  const world = await payInvoice();
  const page = `/dashboard/invoices/${world.invoiceId}`;
  return { ...world, page, form: `/dashboard/payments/${world.paymentId}/refund` };
}

/** A draft over 129.00 EUR, unless said otherwise. */
export function createDraft(world: Pick<TestWorld, "api">, fields: Record<string, unknown> = {}) {
  const lines = [{ description: "Pro plan", quantity: 2, unit_amount: 6450 }];
  return createOpenInvoice(world, { finalize: false, lines, ...fields });
}

/** The hidden fields of a page's form, as a browser would send them. */
export function hiddenOf(html: string): Record<string, string> {
  const fields = html.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)"/g);
  return Object.fromEntries([...fields].map(([, name = "", value = ""]) => [name, value]));
}
