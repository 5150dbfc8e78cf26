import type Stripe from "stripe";
import { afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import type { Deps } from "../../src/platform/deps.ts";
import { ledgerSql } from "../harness/ledger-sql.ts";
import { sandbox } from "../harness/sandbox.ts";
import { createWorld, type TestWorld, testDeps } from "../harness/world.ts";
import { outcomeOf, quietDeps, rowsOf } from "../webhooks/deliver.ts";
import {
  asAtStripe,
  eventsAbout,
  mirrorOf,
  stripeOf,
  subscribe,
  take,
  withheld,
} from "./subscription-fixture.ts";

let world: TestWorld;
beforeAll(async () => {
  world = await createWorld();
});
afterEach(() => {
  vi.restoreAllMocks();
});

describe.each([
  ["seconds apart", 2_000],
  ["within one second", 0],
])("created, updated twice and deleted, %s,", (_, apartMs) => {
  test("end in Stripe's own object in every order, and nothing that has ended comes back", async () => {
    const { id, stripe } = await lived(apartMs);
    const events = eventsAbout(world, id);
    expect(events.map(({ type }) => type.split(".").at(-1))).toEqual([
      "created",
      "updated",
      "updated",
      "deleted",
    ]);
    const truth = asAtStripe(await stripe.subscriptions.retrieve(id));
    expect(truth.status).toBe("canceled");
    for (const order of permutations(events)) {
      await forget();
      let ended = false;
      for (const event of order) {
        await take(world, event);
        ended ||= event.type === "customer.subscription.deleted";
        if (ended) expect((await mirrorOf(world, id))?.status).toBe("canceled");
      }
      expect(await mirrorOf(world, id), order.map(({ type }) => type).join(", ")).toEqual(truth);
      for (const event of order) {
        expect(await outcomeOf(world, event.id)).toMatchObject({ status: "processed" });
      }
    }
  });
});

describe("an event", () => {
  test("that is newer is taken as it is; one of the same second, or older, makes us ask Stripe", async () => {
    const { id } = await lived(2_000);
    const [created, first, second] = eventsAbout(world, id);
    if (!created || !first || !second) throw new Error("The sandbox told too little.");
    const asked = vi.fn();
    const deps = asking(async (subscription) => {
      asked();
      return subscription;
    });
    for (const event of [created, first, second]) await take(world, event, deps);
    expect(asked).toHaveBeenCalledTimes(0);
    await take(world, { ...first, id: "evt_older" }, deps);
    expect(asked).toHaveBeenCalledTimes(1);
    await forget();
    await take(world, second, deps);
    await take(world, { ...first, created: second.created, id: "evt_tie" }, deps);
    expect(asked).toHaveBeenCalledTimes(2);
    expect(await mirrorOf(world, id)).toEqual(asAtStripe(await stripeOf(world).subscriptions.retrieve(id)));
  });

  test("of the second in which Stripe was asked is not trusted either: the answer may be newer", async () => {
    const { id, stripe } = await alive();
    const [created] = eventsAbout(world, id);
    if (!created) throw new Error("The sandbox told too little.");
    await take(world, created);
    const before = await stripe.subscriptions.update(id, { metadata: { step: "1" } });
    await stripe.subscriptions.update(id, { metadata: { step: "2" } });
    const [, one, two] = eventsAbout(world, id);
    if (!one || !two) throw new Error("The sandbox told too little.");
    // The first tie makes us ask, in the second that both updates are said to be of; the older one comes last.
    const second = created.created + 1;
    const deps = testDeps({ log: quietDeps.log, now: () => second * 1000 + 500 });
    await take(world, { ...two, created: created.created }, deps);
    await take(world, { ...one, created: second }, deps);
    expect(before.metadata.step).toBe("1");
    expect((await mirrorOf(world, id))?.metadata.step).toBe("2");
  });

  test("that is newer than the end does not bring it back, nor does an answer of Stripe's that is a moment behind", async () => {
    const { id } = await lived(0);
    const [created, , , deleted] = eventsAbout(world, id);
    if (!created || !deleted) throw new Error("The sandbox told too little.");
    await take(world, deleted);
    const ended = await mirrorOf(world, id);
    const newer = { ...created, id: "evt_newer", created: deleted.created + 60 };
    await take(world, newer);
    expect(await mirrorOf(world, id)).toEqual(ended);
    const behind = asking(async (subscription) => ({ ...subscription, status: "active", ended_at: null }));
    await take(world, { ...newer, id: "evt_newer_still", created: deleted.created + 120 }, behind);
    expect(await mirrorOf(world, id)).toEqual(ended);
  });

  test("of the end is taken even where Stripe's answer is a moment behind it", async () => {
    const { id } = await lived(0);
    const [created, , , deleted] = eventsAbout(world, id);
    if (!created || !deleted) throw new Error("The sandbox told too little.");
    await take(world, created);
    const behind = asking(async (subscription) => ({ ...subscription, status: "active", ended_at: null }));
    await take(world, { ...deleted, created: created.created }, behind);
    expect(await mirrorOf(world, id)).toMatchObject({ status: "canceled" });
  });

  test("of a subscription that Stripe has no more changes nothing, but its end is taken", async () => {
    const { id } = await lived(0);
    const [created, updated, , deleted] = eventsAbout(world, id);
    if (!created || !updated || !deleted) throw new Error("The sandbox told too little.");
    await take(world, created);
    const before = await mirrorOf(world, id);
    delete sandbox.world.accounts[world.accountId]?.subscriptions[id];
    await take(world, updated);
    expect(await mirrorOf(world, id)).toEqual(before);
    expect(await outcomeOf(world, updated.id)).toMatchObject({ status: "processed" });
    await take(world, deleted);
    expect(await mirrorOf(world, id)).toMatchObject({ status: "canceled" });
  });
});

describe("at the same moment", () => {
  test("four events of one second end in Stripe's own object, in every round", async () => {
    for (let round = 0; round < 10; round += 1) {
      const { id, stripe } = await lived(0);
      await Promise.all(eventsAbout(world, id).map((event) => take(world, event)));
      expect(await mirrorOf(world, id)).toEqual(asAtStripe(await stripe.subscriptions.retrieve(id)));
    }
  });

  test("an answer of Stripe's that was overtaken while it was on its way is not written", async () => {
    const { id, stripe } = await alive();
    const [created] = eventsAbout(world, id);
    if (!created) throw new Error("The sandbox told too little.");
    await take(world, created);
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    let arrived = () => {};
    const read = new Promise<void>((resolve) => {
      arrived = resolve;
    });
    let answers = 0;
    const slow = asking(async (subscription) => {
      answers += 1;
      if (answers > 1) return subscription;
      arrived();
      await held;
      return subscription;
    });
    const late = take(world, { ...created, id: "evt_late" }, slow);
    await read;
    await stripe.subscriptions.update(id, { metadata: { plan: "gold" } });
    const [, updated] = eventsAbout(world, id);
    if (!updated) throw new Error("The sandbox told too little.");
    await take(world, { ...updated, created: created.created });
    release();
    await late;
    expect(answers).toBe(2);
    expect((await mirrorOf(world, id))?.metadata).toMatchObject({ plan: "gold" });
    expect(await outcomeOf(world, "evt_late")).toMatchObject({ status: "processed" });
  });

  test("one that loses every turn is tried again by the queue, and leaves nothing half done", async () => {
    const { id } = await alive();
    const [created] = eventsAbout(world, id);
    if (!created) throw new Error("The sandbox told too little.");
    await take(world, created);
    const deps = asking(async (subscription) => {
      await ledgerSql(world.scope)
        .prepare("UPDATE subscriptions SET revision = revision + 1 WHERE id = ?")
        .bind(id)
        .run();
      return { ...subscription, metadata: { half: "done" } };
    });
    const again = { ...created, id: "evt_unlucky" };
    await expect(take(world, again, deps)).rejects.toMatchObject({ code: "conflict", retryable: true });
    expect(await outcomeOf(world, "evt_unlucky")).toMatchObject({ status: "failed" });
    expect((await mirrorOf(world, id))?.metadata).not.toHaveProperty("half");
    await take(world, again);
    expect(await outcomeOf(world, "evt_unlucky")).toMatchObject({ status: "processed", error: null });
  });
});

/** A subscription that is there, told to nobody. */
async function alive() {
  const { id } = await withheld(() => subscribe(world));
  return { id, stripe: stripeOf(world) };
}

/** One that was changed twice and canceled; at 0 ms all of it within one second of Stripe's clock, which goes on. */
async function lived(apartMs: number): Promise<Awaited<ReturnType<typeof alive>>> {
  const one = await livedOnce(apartMs);
  const seconds = new Set(eventsAbout(world, one.id).map(({ created }) => created));
  return apartMs > 0 || seconds.size === 1 ? one : lived(apartMs);
}

async function livedOnce(apartMs: number) {
  const { id, stripe } = await alive();
  const pass = () => (apartMs > 0 ? sandbox.advance(apartMs) : Promise.resolve());
  await withheld(async () => {
    await pass();
    const item = (await stripe.subscriptions.retrieve(id)).items.data[0]?.id ?? "";
    await stripe.subscriptions.update(id, { items: [{ id: item, quantity: 7 }] });
    await pass();
    await stripe.subscriptions.update(id, { cancel_at_period_end: true, metadata: { note: "leaving" } });
    await pass();
    await stripe.subscriptions.cancel(id);
  });
  return { id, stripe };
}

/** The Worker's deps, with what Stripe answers of a subscription in the test's hands. */
function asking(answer: (subscription: Stripe.Subscription) => Promise<Stripe.Subscription>): Deps {
  return testDeps({
    log: quietDeps.log,
    stripe(secretKey) {
      const stripe = quietDeps.stripe(secretKey);
      const retrieve = stripe.subscriptions.retrieve.bind(stripe.subscriptions);
      const heard = async (id: string) => answer(await retrieve(id));
      vi.spyOn(stripe.subscriptions, "retrieve").mockImplementation(
        heard as unknown as typeof stripe.subscriptions.retrieve,
      );
      return stripe;
    },
  });
}

/** As if nothing had been told yet. */
async function forget(): Promise<void> {
  const sql = ledgerSql(world.scope);
  const tables = ["subscriptions", "webhook_events"];
  await sql.batch(tables.map((table) => sql.prepare(`DELETE FROM ${table}`)));
  expect(await rowsOf(world, "subscriptions")).toEqual([]);
}

function permutations<T>(of: readonly T[]): T[][] {
  if (of.length <= 1) return [[...of]];
  return of.flatMap((first, index) =>
    permutations([...of.slice(0, index), ...of.slice(index + 1)]).map((rest) => [first, ...rest]),
  );
}
