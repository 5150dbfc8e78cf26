// Tenants with a connection each, and invoices that their customers have paid: made by the HTTP API and at the
// Stripe sandbox, never in a database. What Stripe would send of it is kept, to be sent when the clock runs.

import * as z from "zod";
import { createApi } from "../../tools/doctor/single-calls.ts";
import { until } from "../demo/until.ts";
import { renderEvent } from "../stripe-sandbox/post-webhook.ts";
import type { AccountWorld, Sandbox } from "../stripe-sandbox/types.ts";
import { inParallel } from "./in-parallel.ts";

export type BenchEnvironment = {
  /** The path of its webhook door. */
  door: string;
  apiKey: string;
  secretKey: string;
  webhookSecret: string;
};

export type Webhook = { environment: BenchEnvironment; type: string; body: string };

/** What Stripe sends of one paid invoice, in its order. */
export type Payment = Webhook[];

const AT_ONCE = 8;
const CARD = "4242424242424242";
const identified = z.object({ id: z.string() });
const linked = z.object({
  payment_link: z.object({ id: z.string().nullable(), status: z.string() }).nullable(),
});

/** Each in a tenant of its own, with its own Stripe account and a webhook endpoint there. */
export async function createEnvironments(
  origin: string,
  rootToken: string,
  sandbox: Sandbox,
  count: number,
): Promise<BenchEnvironment[]> {
  const root = createApi(origin, rootToken);
  return inParallel(range(count), AT_ONCE, async (index) => {
    const tenant = await root.post("/tenants", { name: `Tenant ${index}` }, identified);
    const environments = `/tenants/${tenant.id}/environments`;
    const environment = await root.post(environments, { name: "Test", livemode: false }, identified);
    const keys = `${environments}/${environment.id}/api_keys`;
    const { key } = await root.post(keys, { name: "Bench", role: "admin" }, z.object({ key: z.string() }));
    const secretKey = `sk_test_bench${index}_1`;
    await createApi(origin, key).post(
      "/connections",
      { name: "Stripe", provider: "stripe", secret_key: secretKey, webhook_setup: "automatic" },
      identified,
    );
    const webhookSecret = Object.values(sandbox.accountFor(secretKey).endpoints)[0]?.secrets[0]?.value;
    if (webhookSecret === undefined) throw new Error("The connection made no webhook endpoint at Stripe.");
    const door = `/api/v1/webhooks/stripe/${tenant.id}/${environment.id}`;
    return { door, apiKey: key, secretKey, webhookSecret };
  });
}

/** Finalises invoices, one environment after the other in turn, and pays their links at the sandbox. */
export async function payInvoices(
  origin: string,
  sandbox: Sandbox,
  environments: readonly BenchEnvironment[],
  count: number,
): Promise<Payment[]> {
  const customers = await inParallel(environments, AT_ONCE, async ({ apiKey }) => {
    const customer = { name: "Ada Lovelace", email: "ada@example.com" };
    return (await createApi(origin, apiKey).post("/customers", customer, identified)).id;
  });
  const lines = [{ description: "Pro plan, November", quantity: 1, unit_amount: 11_900 }];
  const invoices = await inParallel(range(count), AT_ONCE, async (index) => {
    const at = index % environments.length;
    const environment = environments[at] as BenchEnvironment;
    const body = { customer_id: customers[at], currency: "EUR", lines, finalize: true };
    return {
      environment,
      ...(await createApi(origin, environment.apiKey).post("/invoices", body, identified)),
    };
  });
  return inParallel(invoices, AT_ONCE, async ({ id, environment }) => {
    const api = createApi(origin, environment.apiKey);
    const link = await until("no payment link was made", async () => {
      const { payment_link: present } = await api.get(`/invoices/${id}`, linked);
      return present?.status === "active" ? present.id : null;
    });
    return pay(sandbox, environment, link);
  });
}

/** Needs a sandbox that withholds its deliveries. */
async function pay(sandbox: Sandbox, environment: BenchEnvironment, paymentLinkId: string): Promise<Payment> {
  const account = sandbox.accountFor(environment.secretKey);
  // Others of this account wait for their links while this one is paid: a payment itself never waits.
  forgetEvents(account);
  const paid = await sandbox.pay(account.account.id, { paymentLinkId }, { card: CARD });
  if (paid.outcome !== "succeeded") throw new Error(`The payment ${paid.outcome}.`);
  const payment = withheldBy(account).map(({ type, body }) => ({ environment, type, body }));
  forgetEvents(account);
  return payment;
}

function withheldBy(account: AccountWorld): { type: string; body: string }[] {
  return Object.values(account.deliveries).flatMap(({ eventId, endpointId }) => {
    const [event, endpoint] = [account.events[eventId], account.endpoints[endpointId]?.endpoint];
    return event && endpoint ? [{ type: event.type, body: renderEvent(endpoint, event) }] : [];
  });
}

/** So that reconciliation does not find at Stripe what the bench is yet to send. */
function forgetEvents(account: AccountWorld): void {
  Object.assign(account, { events: {}, deliveries: {}, eventOrder: [] });
}

function range(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}
