// A subscription is canceled and resumed from its page, after a page that says what will happen.

import { beforeEach, expect, test } from "vitest";
import { createWorld, type TestWorld } from "../harness/world.ts";
import { eventsAbout, stripeOf, subscribe, take, withheld } from "../subscriptions/subscription-fixture.ts";
import { linksOf, open, send, signIn, textOf } from "./browse.ts";

let world: TestWorld;
let id: string;
let path: string;
beforeEach(async () => {
  world = await createWorld();
  ({ id } = await withheld(() => subscribe(world)));
  for (const event of eventsAbout(world, id)) await take(world, event);
  path = `/dashboard/subscriptions/${id}`;
});

const atStripe = () => stripeOf(world).subscriptions.retrieve(id);
const confirm = (name: string, cookie: string) =>
  withheld(() => send(`${path}/${name}`, { confirm: "yes" }, { cookie }));
const actsOn = (html: string) => linksOf(html).filter((link) => link.startsWith(`${path}/`));

test("it is canceled with its period, resumed, and canceled for good, and each is said", async () => {
  const cookie = await signIn(world.keys.write);
  expect(actsOn((await open(path, cookie)).html)).toEqual([`${path}/cancel-at-period-end`, `${path}/cancel`]);
  const page = await open(`${path}/cancel-at-period-end`, cookie);
  expect(textOf(page.html)).toContain("Until then it can be resumed.");
  expect((await atStripe()).cancel_at_period_end).toBe(false);

  const ending = await confirm("cancel-at-period-end", cookie);
  expect(ending.headers.get("location")).toBe(`${path}?done=subscription_ending`);
  expect((await atStripe()).cancel_at_period_end).toBe(true);
  expect(actsOn((await open(path, cookie)).html)).toEqual([`${path}/cancel`, `${path}/resume`]);

  await confirm("resume", cookie);
  expect((await atStripe()).cancel_at_period_end).toBe(false);
  const done = await confirm("cancel", cookie);
  const after = await open(done.headers.get("location") ?? "", cookie);
  expect(textOf(after.html)).toContain("The subscription has ended at Stripe.");
  expect((await atStripe()).status).toBe("canceled");
  expect(actsOn(after.html)).toEqual([]);
});

test("what is refused is said beside the form", async () => {
  const cookie = await signIn(world.keys.write);
  await withheld(() => stripeOf(world).subscriptions.cancel(id));
  const late = await confirm("resume", cookie);
  expect(late.status).toBe(409);
  expect(textOf(late.html)).toContain("has ended, and Stripe revives none.");
});

test("who may only read is offered nothing, and can do nothing", async () => {
  const cookie = await signIn(world.keys.read);
  expect(actsOn((await open(path, cookie)).html)).toEqual([]);
  expect((await confirm("cancel", cookie)).status).toBe(403);
  expect((await atStripe()).status).toBe("active");
});
