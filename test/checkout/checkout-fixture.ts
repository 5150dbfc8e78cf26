// Checkout sessions as a platform asks for them, and a platform that takes down what it is told.

import type { Answer, Json } from "../harness/api.ts";
import { sandbox } from "../harness/sandbox.ts";
import { createWorld, eventually, type TestWorld } from "../harness/world.ts";
import { createDestination, createReceiver } from "../notifications/receiver.ts";

export const CARD = { card: "4242 4242 4242 4242" };
export const URLS = {
  success_url: "https://app.example.com/thanks?session={CHECKOUT_SESSION_ID}",
  cancel_url: "https://app.example.com/prices",
};

/** A price made on the spot, EUR unless said otherwise; `more` may make it recur. */
export function line(unit_amount: number, more: Record<string, unknown> = {}, quantity = 1) {
  return { price_data: { currency: "eur", unit_amount, product_data: { name: "Pro" }, ...more }, quantity };
}

export const monthly = (unit_amount: number) => line(unit_amount, { recurring: { interval: "month" } });

export const PAYMENT = { mode: "payment", line_items: [line(12_900)], ...URLS };
export const SUBSCRIPTION = { mode: "subscription", line_items: [monthly(900)], ...URLS };
export const SETUP = { mode: "setup", currency: "eur", ...URLS };

export type Asker = Pick<TestWorld, "api">;

export function ask(world: Asker, fields: object = {}, headers = {}): Promise<Answer<Json>> {
  return world.api("POST", "/checkout_sessions", { ...PAYMENT, ...fields }, headers);
}

/** The same, where the test is about what comes after it. */
export async function makeSession(world: Asker, fields: object = {}): Promise<Json> {
  const made = await ask(world, fields);
  if (made.status !== 201) throw new Error(`No session: ${JSON.stringify(made.body)}`);
  return made.body;
}

/** What every object that we make at Stripe carries. */
export function ourKeys({ scope }: Pick<TestWorld, "scope">) {
  return { quittance_tenant_id: scope.tenantId, quittance_environment_id: scope.environmentId };
}

export function atStripe(world: Pick<TestWorld, "secretKey">) {
  return Object.values(sandbox.accountFor(world.secretKey).sessions);
}

type Told = { type: string; data: { object: Json } };

/** A world with a destination, and what was told to it, oldest first. */
export async function listeningWorld() {
  const world = await createWorld();
  const receiver = createReceiver();
  await createDestination(world, receiver);
  const told = (): Told[] => receiver.received.map((message) => JSON.parse(message.body));
  const completed = (id: string) =>
    told().filter(({ type, data }) => type === "checkout_session.completed" && data.object.id === id);
  const untilTold = async (id: string): Promise<Json> => {
    const [first] = await eventually(
      async () => completed(id),
      (messages) => messages.length > 0,
    );
    return first?.data.object;
  };
  return { ...world, told, completed, untilTold };
}

/** What the API says of the events of some type, once there are any. */
export async function untilEvents(world: Asker, type: string): Promise<Json[]> {
  return eventually(
    async () => (await world.api("GET", `/webhook_events?type=${type}`)).body.data,
    (events) => events.length > 0,
  );
}

/** What somebody does at Stripe with the account's own key. */
export async function postToStripe(
  secretKey: string,
  path: string,
  fields: Record<string, string>,
): Promise<{ id: string }> {
  const headers = {
    authorization: `Bearer ${secretKey}`,
    "content-type": "application/x-www-form-urlencoded",
  };
  const body = new URLSearchParams(fields).toString();
  const request = new Request(`http://stripe.sandbox${path}`, { method: "POST", headers, body });
  const response = await sandbox.fetch(request);
  if (!response.ok) throw new Error(await response.text());
  return response.json();
}

/** A price of the account, 5.00 EUR a month unless said otherwise, as a person makes it in Stripe's dashboard. */
export async function makePrice(secretKey: string, fields: Record<string, string> = {}): Promise<string> {
  const price = { currency: "eur", unit_amount: "500", "product_data[name]": "Seat" };
  return (
    await postToStripe(secretKey, "/v1/prices", { ...price, "recurring[interval]": "month", ...fields })
  ).id;
}

/** The same, paid once. */
export async function makePriceOnce(secretKey: string): Promise<string> {
  const fields = { currency: "eur", unit_amount: "4900", "product_data[name]": "Workshop" };
  return (await postToStripe(secretKey, "/v1/prices", fields)).id;
}

/** Long enough for what should not come to have come. */
export function quiet(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 400));
}
