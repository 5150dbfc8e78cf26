import { describe, expect, test } from "vitest";
import { openForCalls } from "../../src/connections/open-connection.ts";
import { ensureStripeCustomer } from "../../src/customers/ensure-stripe-customer.ts";
import { ledger } from "../../src/ledger/client.ts";
import { withAnswers } from "../../src/webhooks/answer-questions.ts";
import { arrive } from "../../src/webhooks/arrive.ts";
import { sandbox } from "../harness/sandbox.ts";
import { eventsOf, messageFor } from "../harness/stripe-delivery.ts";
import { createWorld, eventually } from "../harness/world.ts";
import { createDestination, createReceiver } from "../notifications/receiver.ts";
import { deliver, rowsOf } from "../webhooks/deliver.ts";
import { event } from "../webhooks/payloads/event.ts";
import {
  ADA,
  announced,
  changeCustomer,
  createCustomer,
  handDeps,
  read,
  runJobs,
  stripeCall,
} from "./customer-fixture.ts";
import { linked, present, tell } from "./stripe-tells.ts";

const deps = handDeps();

describe("what changes at Stripe", () => {
  test("changes here, on the real way, and is told with the customer as the API has it", async () => {
    const world = await createWorld();
    const receiver = createReceiver();
    await createDestination(world, receiver);
    const { id } = await createCustomer(deps, world.scope, ADA);
    const stripeId = await ensureStripeCustomer(deps, world.scope, await openForCalls(deps, world.scope), id);
    await sandbox.advance(2000);
    await stripeCall(world, "POST", `/customers/${stripeId}`, {
      email: "ada@lovelace.example",
      phone: "+44 1",
      "address[city]": "London",
    });
    await sandbox.settle();
    const changed = await eventually(
      () => read(world, id),
      (seen) => seen.phone === "+44 1",
    );
    expect(changed).toMatchObject({ name: ADA.name, email: "ada@lovelace.example", sync_status: "off" });
    expect(changed.address).toMatchObject({ city: "London", country: null });
    const told = await eventually(
      async () => receiver.received.map(({ body }) => JSON.parse(body)),
      (messages) => messages.some(({ type }) => type === "customer.updated"),
    );
    expect(told.filter(({ type }) => type === "customer.updated")).toMatchObject([
      { data: { object: changed } },
    ]);
    const events = (await world.api("GET", "/webhook_events?type=customer.updated")).body.data;
    expect(events).toMatchObject([{ status: "processed", changes: [{ object: "customer", id }] }]);
  });

  test("of three changes the last one stands, in whatever order they come, and also twice", async () => {
    for (const order of [
      [0, 1, 2],
      [0, 2, 1],
      [1, 0, 2],
      [1, 2, 0],
      [2, 0, 1],
      [2, 1, 0],
    ]) {
      const { world, id, stripeId, seenSeconds } = await linked();
      const states = [
        { email: "one@example.com", phone: "1", address: { city: "One" } },
        { email: "two@example.com", phone: "2", address: null },
        { email: "three@example.com", phone: "3", address: { city: "Three" } },
      ];
      for (const index of [...order, ...order])
        await tell(world, { id: stripeId, name: ADA.name, ...states[index] }, seenSeconds + 10 * (index + 1));
      const after = await read(world, id);
      expect(after).toMatchObject({ email: "three@example.com", phone: "3", address: { city: "Three" } });
    }
  });

  test("an older event is ignored with that reason", async () => {
    const { world, id, stripeId, seenSeconds } = await linked();
    await tell(world, { id: stripeId, email: "new@example.com" }, seenSeconds + 10);
    const older = await tell(world, { id: stripeId, email: "old@example.com" }, seenSeconds + 5);
    expect(older).toMatchObject({ status: "ignored", reason: "older_than_known" });
    expect(await read(world, id)).toMatchObject({ email: "new@example.com" });
  });

  test.each([0, 1])(
    "of two events of one second, in either order, what Stripe has by then stands (%i first)",
    async (first) => {
      const { world, id, stripeId } = await linked();
      await sandbox.advance(3000);
      const states = [];
      for (const email of ["one@example.com", "two@example.com"]) {
        await stripeCall(world, "POST", `/customers/${stripeId}`, { email });
        states.push(await present(world, stripeId));
      }
      const second = Math.floor(sandbox.now() / 1000);
      for (const index of [first, 1 - first]) await tell(world, states[index] ?? {}, second);
      expect(await read(world, id)).toMatchObject({ email: "two@example.com" });
    },
  );

  test("and an answer of Stripe's to a state that has changed since is none: it is asked again", async () => {
    const { world, id, stripeId } = await linked();
    await sandbox.advance(3000);
    const second = Math.floor(sandbox.now() / 1000);
    const seen = (email: string, created: number) => ({
      ...event("customer.updated", { object: "customer", metadata: {}, id: stripeId, ...ADA, email }),
      id: `evt_${email}_${created}`,
      created,
    });
    const arrived = (email: string, created: number) =>
      arrive(deps, messageFor(world, seen(email, created) as never));
    const book = ledger(deps, world.scope);
    await book.applyEvents({ events: [await arrived("one@example.com", second)] });
    const slow = await arrived("old@example.com", second);
    const [asked] = await book.applyEvents({ events: [slow] });
    if (!asked || !("ask" in asked)) throw new Error(`It was not asked: ${JSON.stringify(asked)}`);
    const answered = await withAnswers(deps, world.scope, slow, asked.ask);

    await book.applyEvents({ events: [await arrived("new@example.com", second + 5)] });
    const again = await book.applyEvents({ events: [answered] });
    expect(again).toMatchObject([{ id: slow.id, status: "ignored", reason: "older_than_known" }]);
    expect(await read(world, id)).toMatchObject({ email: "new@example.com" });
  });

  test("a field that the payload lacks stays, and a name of null too; any other null empties", async () => {
    const { world, id, stripeId, seenSeconds } = await linked();
    await tell(world, { id: stripeId, phone: "+44 1" }, seenSeconds + 10);
    expect(await read(world, id)).toMatchObject({ ...ADA, phone: "+44 1" });
    await tell(world, { id: stripeId, name: null, email: null, phone: "+44 1" }, seenSeconds + 20);
    expect(await read(world, id)).toMatchObject({ name: ADA.name, email: null, phone: "+44 1" });
  });

  test("an event about something else at Stripe does not bring old data back over a change made here", async () => {
    const { world, id, stripeId, seenSeconds } = await linked();
    const before = await present(world, stripeId);
    await changeCustomer(deps, world.scope, id, { email: "new@example.com" });
    const outcome = await tell(world, { ...before, balance: 500 }, seenSeconds + 10);
    expect(outcome).toMatchObject({ status: "processed", changes: "[]" });
    expect(await read(world, id)).toMatchObject({ email: "new@example.com" });
  });
});

describe("the echo of our own push", () => {
  test("changes nothing, tells nothing, and asks Stripe nothing", async () => {
    const { world, id } = await linked({ outbound: true });
    await sandbox.advance(3000);
    await changeCustomer(deps, world.scope, id, { email: "new@example.com", phone: "+44 1" });
    await runJobs(world);
    const [before] = await rowsOf(world, "customers", `id = '${id}'`);
    const told = await announced(world, "customer.updated");
    sandbox.world.faults.push({ method: "GET", path: "/v1/customers", times: 1, kind: "server_error" });
    const echoes = eventsOf(world).filter(({ type }) => type.startsWith("customer."));
    expect(echoes.map(({ type }) => type)).toEqual(["customer.created", "customer.updated"]);
    for (const echo of [...echoes, ...echoes].reverse()) await deliver(world, echo);
    const [after] = await rowsOf(world, "customers", `id = '${id}'`);
    expect({ ...after, stripe_seen_at_ms: 0 }).toEqual({ ...before, stripe_seen_at_ms: 0 });
    expect(await announced(world, "customer.updated")).toEqual(told);
    expect(sandbox.world.faults.splice(0)).toHaveLength(1);
  });

  test("while a change made here is on its way, it stands above Stripe's", async () => {
    const { world, id, stripeId, seenSeconds } = await linked({ outbound: true });
    await changeCustomer(deps, world.scope, id, { email: "ours@example.com" });
    const outcome = await tell(world, { id: stripeId, email: "theirs@example.com" }, seenSeconds + 10);
    expect(outcome).toMatchObject({ status: "ignored", reason: "change_pending" });
    await runJobs(world);
    expect(await present(world, stripeId)).toMatchObject({ email: "ours@example.com" });
    expect(await read(world, id)).toMatchObject({ email: "ours@example.com", sync_status: "synced" });
  });
});
