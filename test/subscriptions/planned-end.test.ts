// When a subscription is going to end is said alike, whether Stripe says it by a time or by a flag.

import { beforeAll, expect, test } from "vitest";
import { atPeriodEnd, endsAtMs } from "../../src/subscriptions/planned-end.ts";
import { open, signIn, textOf } from "../dashboard/browse.ts";
import { createWorld, type TestWorld } from "../harness/world.ts";
import { eventsAbout, stripeOf, subscribe, take, withheld } from "./subscription-fixture.ts";

const END = 1_800_000_000_000;
const going = { cancelAtMs: null, cancelAtPeriodEnd: false, currentPeriodEndMs: END, endedAtMs: null };

test.each([
  ["nothing", {}, "is_renewed", null],
  ["the flag", { cancelAtPeriodEnd: true }, "ends", END],
  ["both", { cancelAtPeriodEnd: true, cancelAtMs: END }, "ends", END],
  ["a time that is the period's end, without the flag", { cancelAtMs: END }, "ends", END],
  ["a time before the period's end", { cancelAtMs: END - 1000 }, "ends", END - 1000],
  ["a time after the period's end", { cancelAtMs: END + 1000 }, "is_renewed", END + 1000],
  ["a time, of one whose period is not known", { cancelAtMs: END, currentPeriodEndMs: null }, "ends", END],
  ["that it has ended", { endedAtMs: END - 5, cancelAtMs: END }, null, END - 5],
])("Stripe says %s", (_, said, becomes, endsAt) => {
  expect(atPeriodEnd({ ...going, ...said })).toBe(becomes);
  expect(endsAtMs({ ...going, ...said })).toBe(endsAt);
});

let world: TestWorld;
beforeAll(async () => {
  world = await createWorld();
});

test("the API and the dashboard say that it ends", async () => {
  const subscription = await withheld(() => subscribe(world));
  const end = subscription.items.data[0]?.current_period_end ?? 0;
  await withheld(() => stripeOf(world).subscriptions.update(subscription.id, { cancel_at: end }));
  const last = eventsAbout(world, subscription.id).at(-1);
  if (!last) throw new Error("No event.");
  // As flexible billing tells it: by the time alone.
  const data = { object: { ...last.data.object, cancel_at: end, cancel_at_period_end: false } };
  await take(world, { ...last, data } as never);
  const { body } = await world.api("GET", `/subscriptions/${subscription.id}`);
  expect(body).toMatchObject({ cancel_at_period_end: false, ends_at: new Date(end * 1000).toISOString() });
  const page = await open(`/dashboard/subscriptions/${subscription.id}`, await signIn(world.keys.read));
  expect(textOf(page.html)).toContain("it ends");
  expect(textOf(page.html)).not.toContain("renewed");
});
