// The first-run guide leads from an empty environment to a paid invoice that the platform was told of. Each step ticks
// itself once it is proven, and everything is done by forms alone.

import { expect, test } from "vitest";
import { STRIPE_EVENT_TYPE_NAMES } from "../../src/connections/stripe-event-types.ts";
import { ledgersAskedByPage } from "../harness/count-asked.ts";
import { sandbox } from "../harness/sandbox.ts";
import { deliver, signatureFor } from "../harness/stripe-delivery.ts";
import {
  createEndpoint,
  createTenantWorld,
  createWorld,
  eventually,
  type TestWorld,
} from "../harness/world.ts";
import { createReceiver } from "../notifications/receiver.ts";
import { hiddenOf } from "./action-fixture.ts";
import { linksOf, open, send, signIn, textOf } from "./browse.ts";

const GUIDE = "/dashboard/guide";
const TITLES = {
  connect: "Connect your Stripe account",
  webhook: "Let Stripe call here",
  payment: "See it work",
  platform: "Tell your platform",
};
type Step = keyof typeof TITLES;

const isTicked = (html: string, step: Step) => html.includes(`${TITLES[step]}<span class="unseen"> (done)`);
const presentOf = async (cookie: string) => (await open(GUIDE, cookie)).headers.get("location");

/** Sends the page's form that goes to `action`, with its hidden fields. */
async function sendForm(cookie: string, page: string, action: string, fields: Record<string, string> = {}) {
  const { html } = await open(page, cookie);
  const form = html.split("<form").find((part) => part.includes(`action="${action}"`)) ?? "";
  return send(action, { ...hiddenOf(form), ...fields }, { cookie });
}

async function payTheInvoice(world: Pick<TestWorld, "api" | "accountId">) {
  const [invoice] = await eventually(
    async () => (await world.api("GET", "/invoices")).body.data,
    (seen) => seen[0]?.payment_link?.status === "active",
  );
  await sandbox.pay(
    world.accountId,
    { paymentLinkId: invoice.payment_link.id },
    { card: "4242 4242 4242 4242" },
  );
  await sandbox.settle();
  return invoice;
}

test("from an empty environment to a paid test invoice and a platform that is told, by forms alone", async () => {
  const world = await createTenantWorld();
  const cookie = await signIn(world.keys.admin);
  expect(linksOf((await open("/dashboard", cookie)).html)).toContain(`${GUIDE}/connect`);
  expect(await presentOf(cookie)).toBe(`${GUIDE}/connect`);

  const connected = await sendForm(cookie, `${GUIDE}/connect`, "/dashboard/connections/new", {
    secret_key: world.secretKey,
    webhook_setup: "automatic",
  });
  expect(connected.headers.get("location")).toBe(`${GUIDE}/webhook`);
  const webhook = (await open(`${GUIDE}/webhook`, cookie)).html;
  expect([isTicked(webhook, "connect"), isTicked(webhook, "webhook")]).toEqual([true, true]);
  expect(textOf(webhook)).toContain("Quittance made the event destination for you");
  expect(webhook).not.toContain(world.secretKey);
  expect(await presentOf(cookie)).toBe(`${GUIDE}/payment`);

  const made = await sendForm(cookie, `${GUIDE}/payment`, `${GUIDE}/payment`);
  expect(made.headers.get("location")).toBe(`${GUIDE}/payment`);
  const { html: waiting } = await eventually(
    () => open(`${GUIDE}/payment`, cookie),
    ({ html }) => html.includes("4242 4242 4242 4242"),
  );
  expect(waiting).toMatch(/data-live="[a-z]+"[^>]* data-pending=""/);
  expect(textOf(waiting)).toContain("Pay €1.00");
  expect(await payTheInvoice(world)).toMatchObject({ currency: "EUR", amount_due: 100 });
  const { html: paid } = await eventually(
    () => open(`${GUIDE}/payment`, cookie),
    ({ html }) => isTicked(html, "payment"),
  );
  expect(textOf(paid)).toMatch(/Stripe called at .* The signature is right .* €1\.00 were paid and recorded/);
  expect(paid).not.toContain("data-pending");

  const receiver = createReceiver();
  const secretPage = await sendForm(cookie, `${GUIDE}/platform`, `${GUIDE}/platform`, { url: receiver.url });
  const [secret = ""] = secretPage.html.match(/whsec_[A-Za-z0-9+/]{43}=/) ?? [];
  expect(secret).not.toBe("");
  for (const language of ["Node.js", "Python", "Go", "Ruby", "PHP"])
    expect(secretPage.html).toContain(`<summary>${language}</summary>`);
  expect(isTicked((await open(`${GUIDE}/platform`, cookie)).html, "platform")).toBe(false);
  const told = await sendForm(cookie, `${GUIDE}/platform`, `${GUIDE}/platform/example`);
  expect(told.headers.get("location")).toBe(`${GUIDE}/platform?done=example_taken`);
  const platform = (await open(`${GUIDE}/platform`, cookie)).html;
  expect([isTicked(platform, "platform"), platform.includes(secret)]).toEqual([true, false]);
  expect(await presentOf(cookie)).toBe(`${GUIDE}/live`);
  const live = textOf((await open(`${GUIDE}/live`, cookie)).html);
  expect(live).toMatch(/Not yet: A live environment.*This environment is for test mode/);
});

test("a form that is sent twice makes one test payment", async () => {
  const world = await createWorld();
  const cookie = await signIn(world.keys.write);
  const fields = hiddenOf((await open(`${GUIDE}/payment`, cookie)).html);
  for (const _ of [1, 2])
    expect((await send(`${GUIDE}/payment`, fields, { cookie })).headers.get("location")).toBe(
      `${GUIDE}/payment`,
    );
  expect((await world.api("GET", "/invoices")).body.data).toHaveLength(1);
  expect((await world.api("GET", "/customers")).body.data).toMatchObject([{ name: "First steps" }]);
});

test("by hand: all that is copied into Workbench is there, and the secret that is pasted ends the step", async () => {
  const world = await createTenantWorld();
  const cookie = await signIn(world.keys.admin);
  await sendForm(cookie, `${GUIDE}/connect`, "/dashboard/connections/new", {
    secret_key: world.secretKey,
    webhook_setup: "manual",
  });
  const { html } = await open(`${GUIDE}/webhook`, cookie);
  expect(isTicked(html, "webhook")).toBe(false);
  for (const copied of [world.webhookUrl, "2026-10-28.endive", STRIPE_EVENT_TYPE_NAMES.join("\n")])
    expect(html).toContain(copied);
  for (const word of ["Workbench → Webhooks", "Create new destination", "Webhook endpoint", "Signing secret"])
    expect(html).toContain(word);
  const [connection] = (await world.api("GET", "/connections")).body.data;
  const { secret } = await createEndpoint(world.secretKey, world.webhookUrl);
  const saved = await sendForm(
    cookie,
    `${GUIDE}/webhook`,
    `/dashboard/connections/${connection.id}/signing-secret`,
    { webhook_secret: secret },
  );
  expect(saved.headers.get("location")).toBe(`${GUIDE}/webhook`);
  const after = (await open(`${GUIDE}/webhook`, cookie)).html;
  expect([isTicked(after, "webhook"), after.includes(secret)]).toEqual([true, false]);
});

test("a wrong signing secret is said in red where the payment is waited for, with the way to replace it", async () => {
  const world = await createWorld();
  const cookie = await signIn(world.keys.admin);
  const body = JSON.stringify({
    id: "evt_wrong",
    object: "event",
    type: "customer.created",
    livemode: false,
  });
  await deliver(world, body, await signatureFor(body, "whsec_ofSomeOtherDestination0000"));
  const { html } = await eventually(
    () => open(`${GUIDE}/payment`, cookie),
    (page) => page.html.includes("the signature did not match"),
  );
  expect(html).toMatch(/class="notice bad[^>]*role="alert"/);
  const path = `/dashboard/connections/${world.connectionId}/signing-secret`;
  expect(linksOf(html).find((link) => link.startsWith(path))).toBe(
    `${path}?next=%2Fdashboard%2Fguide%2Fpayment`,
  );
});

test("an address that cannot be called is refused at its field, and an example that is not taken ticks nothing", async () => {
  const world = await createWorld();
  const cookie = await signIn(world.keys.admin);
  const refused = await sendForm(cookie, `${GUIDE}/platform`, `${GUIDE}/platform`, {
    url: "http://example.com/x",
  });
  expect([refused.status, refused.html]).toEqual([422, expect.stringMatching(/url-error.*https/s)]);
  const receiver = createReceiver();
  receiver.answer = async () => new Response("no", { status: 500 });
  await world.api("POST", "/event_destinations", { url: receiver.url });
  const told = await sendForm(cookie, `${GUIDE}/platform`, `${GUIDE}/platform/example`);
  expect(told.headers.get("location")).toBe(`${GUIDE}/platform?done=example_refused`);
  const { html } = await open(`${GUIDE}/platform`, cookie);
  expect([isTicked(html, "platform"), textOf(html).includes("Example not taken")]).toEqual([false, true]);
});

test("whoever may only read sees how far it is and is offered no act; a step asks its ledger once", async () => {
  const world = await createWorld();
  const cookie = await signIn(world.keys.read);
  for (const step of ["connect", "webhook", "payment", "platform", "live"]) {
    const { status, html } = await open(`${GUIDE}/${step}`, cookie);
    expect([step, status]).toEqual([step, 200]);
    expect(html).not.toMatch(/<form[^>]*method="post"(?![^>]*sign-out)/);
    expect([step, await ledgersAskedByPage(() => open(`${GUIDE}/${step}`, cookie))]).toEqual([step, 1]);
  }
});
