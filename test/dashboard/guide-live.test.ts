// The guide in live mode: the smallest real payment, by a card that is no test card, given back, and all of going live
// ticked.

import { env } from "cloudflare:workers";
import { afterAll, beforeAll, expect, test } from "vitest";
import { sandbox } from "../harness/sandbox.ts";
import { eventsOf } from "../harness/stripe-delivery.ts";
import { createTenantWorld, eventually } from "../harness/world.ts";
import { createReceiver } from "../notifications/receiver.ts";
import { hiddenOf } from "./action-fixture.ts";
import { linksOf, open, send, signIn, textOf } from "./browse.ts";

const GUIDE = "/dashboard/guide";
const CARD = "4539 5787 6362 1486";

// A live key is sent to Stripe's own address alone. Behind that address is the sandbox here.
const others = globalThis.fetch;
beforeAll(() => {
  Object.assign(env, { STRIPE_API_BASE: "" });
  globalThis.fetch = async (input, init) => {
    const request = new Request(input, init);
    return new URL(request.url).origin === "https://api.stripe.com"
      ? sandbox.fetch(request)
      : others(request);
  };
});
afterAll(() => {
  globalThis.fetch = others;
});

test("live: the least that can be charged is asked for, paid, given back, and everything before real money is ticked", async () => {
  const world = await createTenantWorld(true);
  const cookie = await signIn(world.keys.admin);
  const text = async (path: string) =>
    textOf((await open(path, cookie)).html)
      .replaceAll("\u00a0", " ")
      .replaceAll("&#39;", "'");
  const sendForm = async (page: string, action: string, fields: Record<string, string> = {}) => {
    const { html } = await open(page, cookie);
    const form = html.split("<form").find((part) => part.includes(`action="${action}"`)) ?? "";
    return send(action, { ...hiddenOf(form), ...fields }, { cookie });
  };

  const connect = { webhook_setup: "automatic" };
  const testKey = { ...connect, secret_key: world.secretKey.replace("_live_", "_test_") };
  const refused = await sendForm(`${GUIDE}/connect`, "/dashboard/connections/new", testKey);
  expect(textOf(refused.html)).toContain("This is a test key, and the environment is live.");
  const made = await sendForm(`${GUIDE}/connect`, "/dashboard/connections/new", {
    ...connect,
    secret_key: world.secretKey,
  });
  expect(made.headers.get("location")).toBe(`${GUIDE}/webhook`);
  expect(await text(`${GUIDE}/live`)).toMatch(
    /Done: A live environment.* Done: Stripe lets .* Done: Stripe pays out .* Not yet: Stripe's first live webhook .* Not yet: Your platform/,
  );

  expect(await text(`${GUIDE}/payment`)).toContain("An invoice over the least that Stripe charges.");
  await sendForm(`${GUIDE}/payment`, `${GUIDE}/payment`);
  const [invoice] = await eventually(
    async () => (await world.api("GET", "/invoices")).body.data,
    (seen) => seen[0]?.payment_link?.status === "active",
  );
  expect(invoice).toMatchObject({ currency: "USD", amount_due: 50 });
  const waiting = await text(`${GUIDE}/payment`);
  expect(waiting).toContain("Pay $0.50");
  expect(waiting).not.toContain("4242");
  const link = { paymentLinkId: invoice.payment_link.id };
  expect(await sandbox.pay(world.accountId, link, { card: "4242 4242 4242 4242" })).toMatchObject({
    outcome: "declined",
  });
  expect(await sandbox.pay(world.accountId, link, { card: CARD })).toMatchObject({ outcome: "succeeded" });
  await sandbox.settle();
  await eventually(
    () => text(`${GUIDE}/payment`),
    (seen) => seen.includes("$0.50 were paid and recorded"),
  );

  const { html } = await open(`${GUIDE}/payment`, cookie);
  const refund = linksOf(html).find((href) => href.endsWith("/refund")) ?? "";
  expect(refund).not.toBe("");
  expect(await text(`${GUIDE}/payment`)).toContain("Not yet: $0.50 were given back");
  const review = await send(refund, {}, { cookie });
  await send(refund, { ...hiddenOf(review.html), confirm: "yes" }, { cookie });
  await sandbox.settle();
  const done = await eventually(
    () => text(`${GUIDE}/payment`),
    (seen) => seen.includes("Done: $0.50 were given back"),
  );
  expect(done).not.toContain("Give it back");
  const charges = Object.values(sandbox.accountFor(world.secretKey).charges);
  expect(charges.filter(({ paid }) => paid)).toMatchObject([{ amount: 50, amount_refunded: 50 }]);

  const receiver = createReceiver();
  await sendForm(`${GUIDE}/platform`, `${GUIDE}/platform`, { url: receiver.url });
  await sendForm(`${GUIDE}/platform`, `${GUIDE}/platform/example`);
  const live = await text(`${GUIDE}/live`);
  expect(live).not.toContain("Not yet: ");
  expect(live).toContain("Go live (done)");
  expect(eventsOf(world).every(({ livemode }) => livemode)).toBe(true);
});
