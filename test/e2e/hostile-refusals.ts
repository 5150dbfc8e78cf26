// What Stripe refuses, in a stranger's words: an event that dies, work that gives up, a link that is not made and one
// that cannot be switched off. At last it refuses the key, so that something is left to be done.

import { dataOf, type Quittance } from "../../client/index.ts";
import { createStripeFactory } from "../../src/platform/stripe.ts";
import type { Stack } from "../demo/start-stack.ts";
import { until } from "../demo/until.ts";
import { linkOf } from "./hostile-sales.ts";
import { MARKUP } from "./hostile-strings.ts";
import { atSandbox } from "./stripe-side.ts";

const TIMES = 1_000;

/** @returns addresses of invoices that cannot be paid because of it */
export async function beRefused(stack: Stack, quittance: Quittance, key: string): Promise<string[]> {
  const refuse = (kind: string, method: string, path: string) =>
    atSandbox(stack, "/faults", { kind, method, path, key, times: TIMES, message: `${MARKUP} is refused.` });
  const [withdrawn = "", unlinked = "", undone = ""] = await drafts(quittance);
  const lost = await finalize(quittance, withdrawn);
  await linkOf(quittance, withdrawn);
  await refuse("invalid_request", "POST", "/v1/payment_links");
  const params = { path: { id: withdrawn } };
  await dataOf(quittance.POST("/api/v1/invoices/{id}/void", { params }));
  const unpayable = await finalize(quittance, unlinked);
  await refuse("invalid_request", "GET", "/v1/customers");
  await createStripeFactory(stack.sandbox)(key).customers.create({ name: MARKUP });
  await dataOf(quittance.POST("/api/v1/customers/import"));
  await refuse("invalid_request", "POST", "/v1/customers");
  const { id } = await dataOf(quittance.POST("/api/v1/customers", { body: { name: MARKUP } }));
  await untilGivenUp(quittance, id);
  await stopRefusing(stack);
  await refuse("unauthorized", "POST", "/v1/");
  await refuse("unauthorized", "GET", "/v1/");
  const waiting = await finalize(quittance, undone);
  await until("the key is not refused", async () => {
    const { data } = await dataOf(quittance.GET("/api/v1/connections"));
    return data.find(({ status }) => status === "error") ?? null;
  });
  return [lost, unpayable, waiting];
}

export async function stopRefusing({ sandbox }: Stack): Promise<void> {
  await fetch(`${sandbox}/_sandbox/faults`, { method: "DELETE" });
}

async function drafts(quittance: Quittance): Promise<string[]> {
  const query = { status: "draft" as const, limit: 3 };
  const { data } = await dataOf(quittance.GET("/api/v1/invoices", { params: { query } }));
  return data.map(({ id }) => id);
}

/** @returns where it would be paid */
async function finalize(quittance: Quittance, id: string): Promise<string> {
  const params = { path: { id } };
  const { payment_url: url } = await dataOf(quittance.POST("/api/v1/invoices/{id}/finalize", { params }));
  if (url === null) throw new Error(`Invoice ${id} has no address.`);
  return url;
}

async function untilGivenUp(quittance: Quittance, customerId: string): Promise<void> {
  const params = { path: { id: customerId } };
  await until(
    "the import has not failed",
    async () => (await dataOf(quittance.GET("/api/v1/customers/import"))).error,
  );
  await until(
    "the customer is not refused",
    async () => (await dataOf(quittance.GET("/api/v1/customers/{id}", { params }))).sync_error,
  );
  await until("no event is dead", async () => {
    const query = { status: "dead" as const };
    return (await dataOf(quittance.GET("/api/v1/webhook_events", { params: { query } }))).data[0] ?? null;
  });
  await until("not all work has given up", async () => {
    const { data } = await dataOf(quittance.GET("/api/v1/jobs"));
    return data.length >= 3 ? data : null;
  });
}
