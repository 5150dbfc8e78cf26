import { env } from "cloudflare:workers";
import { afterAll, expect, test, vi } from "vitest";
import { sandbox } from "../harness/sandbox.ts";
import { deliver, eventsOf, signatureFor } from "../harness/stripe-delivery.ts";
import { createWorld, type TestWorld } from "../harness/world.ts";
import { count, countDeliveries, countsOf, lagOf } from "./load-counts.ts";

// `npm run proof:load` has 10,000 of them, over 20 tenants.
const INVOICES = Number(env.PROOF_LOAD || 60);
const TENANTS = INVOICES >= 1_000 ? 20 : 3;
const COPIES = 3;
const TOLD_BY = ["checkout.session.completed", "payment_intent.succeeded"];
const AT_ONCE = 16;
const AMOUNT = 12_900;

const log = vi.spyOn(console, "log").mockImplementation(() => {});
afterAll(() => log.mockRestore());

test(`${INVOICES} invoices of ${TENANTS} tenants, paid, their events sent ${COPIES} times and shuffled: each is paid once, nothing lost or dead`, {
  timeout: 60 * 60 * 1000,
}, async () => {
  sandbox.world.deliveryPolicy.withhold = true;
  const worlds = await Promise.all(Array.from({ length: TENANTS }, createWorld));
  const scopes = worlds.map(({ scope }) => scope);
  const summary: Record<string, string | number> = {};
  async function timed(what: string, items: number, work: () => Promise<void>): Promise<void> {
    const begunMs = Date.now();
    await work();
    const seconds = (Date.now() - begunMs) / 1000;
    summary[what] = `${items} in ${seconds.toFixed(1)} s, ${(items / seconds).toFixed(0)} a second`;
  }

  await timed("invoices finalised and links made", INVOICES, async () => {
    const customers = await Promise.all(worlds.map(createCustomer));
    const wanted = Array.from({ length: INVOICES }, (_, index) => index);
    await inParallel(wanted, async (index) => {
      const at = index % TENANTS;
      await createInvoice(worlds[at] as TestWorld, customers[at] as string, `inv_${index}`);
    });
    await until(async () => (await count(scopes, "payment_links", "status = 'active'")) === INVOICES);
  });

  const bodies: Delivery[] = [];
  await timed("payments made at the sandbox", INVOICES, async () => {
    for (const world of worlds) bodies.push(...(await payEverything(world)));
  });
  expect(bodies).toHaveLength(INVOICES * TOLD_BY.length);

  const deliveries = shuffle(Array.from({ length: COPIES }, () => bodies).flat());
  const refused: number[] = [];
  const begunMs = Date.now();
  await timed("webhooks taken in at the door", deliveries.length, () =>
    inParallel(deliveries, async ({ world, body }) => {
      const { status } = await deliver(world, body, await signatureFor(body, world.webhookSecret));
      if (status !== 200) refused.push(status);
    }),
  );
  expect(refused).toEqual([]);
  await until(
    async () =>
      (await count(scopes, "outbox", "1")) === 0 && (await countDeliveries(scopes)) === deliveries.length,
  );
  const seconds = (Date.now() - begunMs) / 1000;
  summary["webhooks processed, links switched off"] =
    `${deliveries.length} in ${seconds.toFixed(1)} s, ${(deliveries.length / seconds).toFixed(0)} a second`;

  const counts = await countsOf(scopes);
  expect(counts).toEqual({
    invoices: INVOICES,
    paid: INVOICES,
    payments: INVOICES,
    payments_succeeded: INVOICES,
    amount: INVOICES * AMOUNT,
    links: INVOICES,
    links_used_and_off: INVOICES,
    events: bodies.length,
    events_processed: bodies.length,
    deliveries: deliveries.length,
    dead: 0,
    unfinished_jobs: 0,
  });
  const accounts = worlds.map((world) =>
    Object.values(sandbox.world.accounts[world.accountId]?.paymentLinks ?? {}),
  );
  expect(accounts.flat().length).toBe(INVOICES);
  expect(accounts.flat().filter(({ active }) => active)).toEqual([]);
  expect(accounts.map((links) => links.length)).toEqual(
    worlds.map((_, at) => Math.ceil((INVOICES - at) / TENANTS)),
  );

  const lag = await lagOf(scopes);
  summary["lag from the door to processed"] = `p50 ${lag.p50} ms, p99 ${lag.p99} ms`;
  log.mockRestore();
  const lines = Object.entries({ ...summary, ...counts }).map(([what, value]) => `${what}: ${value}`);
  console.log(lines.join("\n"));
});

type Delivery = { world: TestWorld; body: string };

async function createCustomer(world: TestWorld): Promise<string> {
  const made = await world.api("POST", "/customers", { name: "Ada Lovelace", email: "ada@example.com" });
  return made.body.id;
}

async function createInvoice(world: TestWorld, customerId: string, id: string): Promise<void> {
  const lines = [{ description: "Pro plan", quantity: 1, unit_amount: AMOUNT }];
  const body = { id, customer_id: customerId, currency: "eur", lines, finalize: true };
  const made = await world.api("POST", "/invoices", body);
  if (made.status !== 201) throw new Error(`No invoice: ${JSON.stringify(made.body)}`);
}

/** Every link of the account is paid; of what Stripe tells of it, the bodies that will be sent. */
async function payEverything(world: TestWorld): Promise<Delivery[]> {
  const account = sandbox.world.accounts[world.accountId];
  if (!account) throw new Error("no account");
  const deliveries: Delivery[] = [];
  for (const paymentLinkId of Object.keys(account.paymentLinks)) {
    // Told already, or not to be told: gone, so that thousands of payments fit in memory.
    Object.assign(account, { events: {}, deliveries: {}, eventOrder: [] });
    await sandbox.pay(world.accountId, { paymentLinkId }, { card: "4242424242424242" });
    const told = eventsOf(world).filter(({ type }) => TOLD_BY.includes(type));
    deliveries.push(...told.map((event) => ({ world, body: JSON.stringify(event, null, 2) })));
  }
  Object.assign(account, { events: {}, deliveries: {}, eventOrder: [] });
  return deliveries;
}

async function inParallel<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const rest = items.values();
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (const item of rest) await work(item);
    }),
  );
}

// To look costs more the more there is, and takes the time from what is looked at.
const LOOK_EVERY_MS = INVOICES >= 1_000 ? 2_000 : 200;

async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
}

function shuffle<T>(items: T[]): T[] {
  for (let last = items.length - 1; last > 0; last--) {
    const other = Math.floor(Math.random() * (last + 1));
    [items[last], items[other]] = [items[other] as T, items[last] as T];
  }
  return items;
}
