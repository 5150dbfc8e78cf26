// Asks Stripe itself, in test mode, whether it takes the calls that Quittance makes (but for those that need a
// payment, such as refunds), and cleans up after itself. By hand only: STRIPE_SECRET_KEY=sk_test_… npm run check:stripe
// With STRIPE_API_BASE it asks the sandbox instead, which checks this script.

import { lackingOf, probePermissions } from "../../src/connections/probe-permissions.ts";
import { findEndpoints, makeEndpoint, removeEndpoint } from "../../src/connections/stripe-endpoints.ts";
import { linkParameters } from "../../src/ledger/invoices/link-parameters.ts";
import type { InvoiceRow } from "../../src/ledger/invoices/read-invoices.ts";
import { DEFAULT_SETTINGS } from "../../src/platform/environment-settings.ts";
import { createStripeFactory, isTestKey } from "../../src/platform/stripe.ts";
import { checkCheckout, checkCustomers } from "./check-customers.ts";
import { createChecklist } from "./checklist.ts";

const secretKey = process.env.STRIPE_SECRET_KEY ?? "";
if (!isTestKey(secretKey)) {
  console.error("Set STRIPE_SECRET_KEY to a secret key of test mode (sk_test_… or rk_test_…).");
  process.exit(2);
}
const stripe = createStripeFactory(process.env.STRIPE_API_BASE || null)(secretKey);
const run = Date.now().toString(36);
const scope = { tenantId: `tenant_check_${run}`, environmentId: `env_check_${run}` };
const url = `https://example.com/api/v1/webhooks/stripe/${scope.tenantId}/${scope.environmentId}`;
const INVOICE: InvoiceRow = {
  id: `inv_check_${run}`,
  number: `CHECK-${run}`,
  customerId: "cus_check",
  currency: "EUR",
  lines: [],
  amountDueMinor: 0,
  amountPaidMinor: 0,
  amountRefundedMinor: 0,
  amountDisputedMinor: 0,
  amountDiscountedMinor: 0,
  amountCreditedMinor: 0,
  status: "open",
  paymentStatus: "unpaid",
  sendEmail: false,
  isMailAsked: false,
  paymentToken: null,
  dueCheckAtMs: null,
  memo: null,
  metadata: {},
  dueAtMs: null,
  finalizedAtMs: null,
  paidAtMs: null,
  keptWhenPaidMinor: null,
  uncollectibleAtMs: null,
  voidedAtMs: null,
  createdAtMs: 0,
  updatedAtMs: 0,
};
const madeLinks: string[] = [];
const madeEndpoints: string[] = [];
const { check, failed } = createChecklist();

await check(
  "the key is taken, and says whose it is",
  async () => (await stripe.accounts.retrieveCurrent()).id,
);
await check("a webhook endpoint with every event type that we use", async () => {
  const made = await makeEndpoint(stripe, scope, url);
  madeEndpoints.push(made.id);
  if (!made.secret.startsWith("whsec_")) throw new Error("The answer has no signing secret.");
  return made.id;
});
await check("our endpoint is found by its URL", async () => {
  const found = await findEndpoints(stripe, url, null);
  if (!found.some(({ id }) => madeEndpoints.includes(id))) throw new Error("It is not in the list.");
  return `${found.length} found`;
});
await check("the probes of a restricted key's permissions are answered, and change nothing", async () => {
  const probed = await probePermissions(stripe);
  const unknown = probed.flatMap(({ name, outcome }) => (outcome === "unknown" ? [name] : []));
  if (unknown.length > 0) throw new Error(`No answer about ${unknown.join(", ")}.`);
  return `${probed.length} asked, ${lackingOf(probed).length} lacking`;
});
await checkLink("a link over 129.00 EUR", {});
await checkLink("a link over 1500 JPY", { currency: "JPY", lines: [line(1500)] });
await checkLink("a link over 10.240 KWD", { currency: "KWD", lines: [line(10_240)] });
await checkLink("an invoice of 25 lines, as one", { lines: Array.from({ length: 25 }, () => line(500)) });
await checkLink("an invoice with a credit, as one", { lines: [line(12_900), line(-2_900)] });
await checkLink(
  "a link with every option of the environment",
  {},
  {
    ...DEFAULT_SETTINGS,
    allow_promotion_codes: true,
    billing_address_collection: "required",
    statement_descriptor: "QUITTANCE CHECK",
  },
);
await check("the same idempotency key gives the same link", async () => {
  const ask = () => stripe.paymentLinks.create(parameters({}), { idempotencyKey: `quittance-check-${run}` });
  const [first, second] = [await ask(), await ask()];
  madeLinks.push(first.id);
  if (first.id !== second.id) throw new Error(`${first.id} and ${second.id}`);
  return first.id;
});
await check("a link's sessions, and the events not delivered, can be listed", async () => {
  const sessions = await stripe.checkout.sessions.list({ payment_link: madeLinks[0] ?? "", limit: 10 });
  const events = await stripe.events.list({ delivery_success: false, limit: 10 });
  return `${sessions.data.length} sessions, ${events.data.length} events`;
});
await check("what has paid one of Stripe's own invoices can be asked for", async () => {
  const [invoice] = (await stripe.invoices.list({ limit: 1 })).data;
  if (invoice) await stripe.invoices.retrieve(invoice.id, { expand: ["payments"] });
  return `${(await stripe.invoicePayments.list({ limit: 10 })).data.length} payments`;
});
await checkCustomers(check, stripe, scope, run);
await checkCheckout(check, stripe, scope);
await check("links are switched off, and endpoints removed", async () => {
  for (const id of madeLinks) await stripe.paymentLinks.update(id, { active: false });
  for (const id of madeEndpoints) await removeEndpoint(stripe, id);
  return `${madeLinks.length} links, ${madeEndpoints.length} endpoints`;
});
console.log(failed() === 0 ? "\nStripe takes all of it." : `\n${failed()} of these Stripe does not take.`);
process.exit(failed() === 0 ? 0 : 1);

async function checkLink(
  what: string,
  fields: Partial<InvoiceRow>,
  settings = DEFAULT_SETTINGS,
): Promise<void> {
  await check(what, async () => {
    const link = await stripe.paymentLinks.create(parameters(fields, settings));
    madeLinks.push(link.id);
    if (link.metadata.quittance_tenant_id !== scope.tenantId) throw new Error("Our metadata is not on it.");
    return link.url;
  });
}

function parameters(fields: Partial<InvoiceRow>, settings = DEFAULT_SETTINGS) {
  const lines = fields.lines ?? [line(12_900)];
  const amountDueMinor = lines.reduce((sum, one) => sum + one.quantity * one.unitAmountMinor, 0);
  return linkParameters(scope, { ...INVOICE, ...fields, lines, amountDueMinor }, 1, settings);
}

function line(unitAmountMinor: number) {
  return { description: "Check of Quittance", quantity: 1, unitAmountMinor };
}
