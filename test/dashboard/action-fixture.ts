// An invoice with a link, one that is paid, and what a browser would send from a form.

import { sandbox } from "../harness/sandbox.ts";
import { createOpenInvoice, createWorld, eventually, type TestWorld } from "../harness/world.ts";

export const HOSTILE = `<script>alert("x")</script><img src=x onerror=alert(1)>'"`;

export type Paid = TestWorld & { invoiceId: string; paymentId: string; page: string; form: string };

export const invoiceOf = async (world: TestWorld, id: string) =>
  (await world.api("GET", `/invoices/${id}`)).body;
export const refundsAtStripe = (world: TestWorld) =>
  Object.values(sandbox.accountFor(world.secretKey).refunds);

export async function linkedWorld(): Promise<
  TestWorld & { invoiceId: string; linkId: string; page: string }
> {
  const world = await createWorld();
  const { id } = await createOpenInvoice(world);
  const linked = await eventually(
    () => invoiceOf(world, id),
    (seen) => seen.payment_link.status === "active",
  );
  return { ...world, invoiceId: id, linkId: linked.payment_link.id, page: `/dashboard/invoices/${id}` };
}

/** An invoice over 129.00 EUR, paid through the sandbox. */
export async function paidWorld(): Promise<Paid> {
  const world = await linkedWorld();
  await sandbox.pay(world.accountId, { paymentLinkId: world.linkId }, { card: "4242 4242 4242 4242" });
  await sandbox.settle();
  await eventually(
    () => invoiceOf(world, world.invoiceId),
    (seen) => seen.status === "paid",
  );
  const [payment] = (await world.api("GET", `/payments?invoice_id=${world.invoiceId}`)).body.data;
  return { ...world, paymentId: payment.id, form: `/dashboard/payments/${payment.id}/refund` };
}

/** The hidden fields of a page's form, as a browser would send them. */
export function hiddenOf(html: string): Record<string, string> {
  const fields = html.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)"/g);
  return Object.fromEntries([...fields].map(([, name = "", value = ""]) => [name, value]));
}
