// The page of the connection does all that the API does, each act once, by the API's rules, and noted with the person.

import { expect, test } from "vitest";
import { ledgersAskedByPage } from "../harness/count-asked.ts";
import { deliver, signatureFor } from "../harness/stripe-delivery.ts";
import { createPayableInvoice, createTenantWorld, createWorld, eventually } from "../harness/world.ts";
import { HOSTILE, hiddenOf } from "./action-fixture.ts";
import { linksOf, open, send, signIn, textOf } from "./browse.ts";

const PAGE = "/dashboard/connections";
const ACTS = ["key", "signing-secret", "webhook", "settings", "pause", "resume", "disconnect"];
type World = Awaited<ReturnType<typeof createWorld>>;

async function signedIn() {
  const world = await createWorld();
  const cookie = await signIn(world.keys.admin);
  const at = (act: string) => `${PAGE}/${world.connectionId}/${act}`;
  return { ...world, cookie, at };
}

/** Opens the form of an act and sends it, as a browser would. */
async function fillIn(cookie: string, path: string, fields: Record<string, string>) {
  const form = await open(path, cookie);
  return send(path, { ...hiddenOf(form.html), ...fields }, { cookie });
}

const connectionOf = async ({ api, connectionId }: World) =>
  (await api("GET", `/connections/${connectionId}`)).body;
const actsOf = async ({ api }: Pick<World, "api">) =>
  (await api("GET", "/audit_log?limit=100")).body.data
    .map(({ action }: { action: string }) => action)
    .filter((action: string) => action.startsWith("connection."));
const otherKey = ({ secretKey }: Pick<World, "secretKey">) => secretKey.replace(/_1$/, "_2");

test("an environment is connected by a key that is pasted, its webhook made, however often the form is sent", async () => {
  const world = await createTenantWorld();
  const cookie = await signIn(world.keys.admin);
  expect(linksOf((await open(PAGE, cookie)).html)).toContain(`${PAGE}/new`);
  const form = await open(`${PAGE}/new`, cookie);
  expect(form.html).toContain("Test key ✓ fits this test environment");
  const fields = { ...hiddenOf(form.html), name: HOSTILE, secret_key: ` ${world.secretKey}\n` };
  for (const _ of [1, 2]) {
    const done = await send(`${PAGE}/new`, { ...fields, webhook_setup: "automatic" }, { cookie });
    expect([done.status, done.headers.get("location")]).toEqual([303, `${PAGE}?done=connected`]);
  }
  const [connection, ...more] = (await world.api("GET", "/connections")).body.data;
  expect(more).toEqual([]);
  expect(connection).toMatchObject({ name: HOSTILE, status: "active", webhook_secret_set: true });
  const { html } = await open(PAGE, cookie);
  expect(html).not.toMatch(/<script>alert|<img/);
  expect(html).not.toContain(world.secretKey);
});

test("what the API refuses of a key is said at its field, and what was pasted is on no page", async () => {
  const world = await createTenantWorld();
  const cookie = await signIn(world.keys.admin);
  for (const [fields, words] of [
    [{ secret_key: "pk_test_abc" }, /secret_key-error.*This is a publishable key/s],
    [{ secret_key: "sk_live_abc123" }, /secret_key-error.*This is a live key/s],
    [{ secret_key: "" }, /secret_key-error.*The secret key is empty/s],
    [{ secret_key: "sk_test_invalid_1234" }, /secret_key-error.*Invalid API Key/s],
    [
      { secret_key: world.secretKey, publishable_key: "sk_test_abc" },
      /publishable_key-error.*This is a secret key/s,
    ],
    [{ secret_key: world.secretKey, name: "x".repeat(201) }, /name-error/],
  ] as const) {
    const refused = await fillIn(cookie, `${PAGE}/new`, { webhook_setup: "automatic", ...fields });
    expect(refused.status).toBeGreaterThanOrEqual(400);
    expect(refused.html).toMatch(words);
    if (fields.secret_key !== "") expect(refused.html).not.toContain(fields.secret_key);
  }
  expect((await world.api("GET", "/connections")).body.data).toEqual([]);
});

test("who may not change the connection is led to it by its issue, and offered nothing that would be refused", async () => {
  const world = await createWorld();
  const path = `/connections/${world.connectionId}`;
  expect((await world.api("PATCH", path, { is_active: false })).status).toBe(200);
  const [readers, admins] = [await signIn(world.keys.read), await signIn(world.keys.admin)];
  for (const page of ["/dashboard", "/dashboard/issues", "/dashboard/connections"]) {
    expect(linksOf((await open(page, admins)).html)).toContain(`/dashboard${path}/resume`);
    const { html } = await open(page, readers);
    expect(textOf(html)).toContain("The Stripe connection is paused.");
    expect(linksOf(html).filter((link) => link.startsWith("/dashboard/connections/"))).toEqual([]);
  }
});

test("a key is replaced by one of the same account, and one of another is refused at its field", async () => {
  const world = await signedIn();
  const { cookie, at } = world;
  const foreign = await fillIn(cookie, at("key"), { secret_key: "sk_test_somebodyelse_1" });
  expect(foreign.html).toMatch(/secret_key-error.*This key is of the Stripe account/s);
  const done = await fillIn(cookie, at("key"), { secret_key: otherKey(world) });
  expect(done.headers.get("location")).toBe(`${PAGE}?done=key_replaced`);
  const { secret_key_hint } = await connectionOf(world);
  expect(secret_key_hint).toBe(`sk_test_…${otherKey(world).slice(-4)}`);
  expect(textOf((await open(PAGE, cookie)).html)).toMatch(/History.*Key replaced.*Dashboard/);
});

test("a signing secret is replaced with an overlap, in which both are taken", async () => {
  const world = await signedIn();
  const { cookie, at } = world;
  const secret = "whsec_anotherOneOfThisTest0000000";
  const wrong = await fillIn(cookie, at("signing-secret"), { webhook_secret: world.webhookUrl });
  expect(wrong.html).toMatch(/webhook_secret-error.*This is a URL/s);
  const done = await fillIn(cookie, at("signing-secret"), {
    webhook_secret: secret,
    webhook_secret_overlap_seconds: "3600",
  });
  expect(done.headers.get("location")).toBe(`${PAGE}?done=signing_secret_set`);
  const { html } = await open(PAGE, cookie);
  expect(textOf(html)).toMatch(/Secret before it is taken as well until/);
  expect(html).not.toContain(secret);
  const body = JSON.stringify({
    id: "evt_of_overlap",
    object: "event",
    type: "customer.created",
    livemode: false,
  });
  for (const one of [secret, world.webhookSecret])
    expect((await deliver(world, body, await signatureFor(body, one))).status).toBe(200);
  // The same once more, without the overlap: it stays, and says so; the one before it ends.
  const again = { webhook_secret: secret, webhook_secret_overlap_seconds: "0" };
  const kept = await fillIn(cookie, at("signing-secret"), again);
  expect(kept.headers.get("location")).toBe(`${PAGE}?done=signing_secret_kept`);
  // A form that is sent twice, as by a double click, says it as well.
  const { html: form } = await open(at("signing-secret"), cookie);
  const twice = { ...hiddenOf(form), ...again };
  for (let time = 0; time < 2; time++) {
    const { headers } = await send(at("signing-secret"), twice, { cookie });
    expect(headers.get("location")).toBe(`${PAGE}?done=signing_secret_kept`);
  }
  const ended = await open(`${PAGE}?done=signing_secret_kept`, cookie);
  expect(textOf(ended.html)).toMatch(/That signing secret was set already, and stays\./);
  expect(textOf(ended.html)).not.toMatch(/Secret before it is taken as well until/);
  expect((await deliver(world, body, await signatureFor(body, world.webhookSecret))).status).toBe(400);
});

test("it is paused and resumed, its name and sync changed, its destination mended: each once, by whom", async () => {
  const world = await signedIn();
  const { cookie, at } = world;
  for (const [act, fields, seen] of [
    ["pause", {}, { is_active: false, status: "disabled" }],
    ["resume", {}, { is_active: true, status: "active" }],
    [
      "settings",
      { name: HOSTILE, invoice_outbound: "on" },
      { name: HOSTILE, sync_config: { invoice: { outbound: true }, customer: { inbound: false } } },
    ],
    ["webhook", {}, { status: "active", webhook_endpoint_id: expect.stringMatching(/^we_/) }],
  ] as const) {
    const form = { ...hiddenOf((await open(at(act), cookie)).html), ...fields, confirm: "yes" };
    for (const _ of [1, 2]) expect([act, (await send(at(act), form, { cookie })).status]).toEqual([act, 303]);
    expect(await connectionOf(world)).toMatchObject(seen);
  }
  expect(await actsOf(world)).toEqual([
    "connection.webhook_endpoint_replaced",
    "connection.updated",
    "connection.enabled",
    "connection.disabled",
    "connection.created",
  ]);
  expect((await open(PAGE, cookie)).html).not.toMatch(/<script>alert|<img/);
});

test("disconnecting says what it costs, and is done only where the connection's name was typed", async () => {
  const world = await signedIn();
  const { cookie, at } = world;
  await createPayableInvoice(world);
  const form = await open(at("disconnect"), cookie);
  expect(textOf(form.html)).toContain("1 payment link can be paid now and will be switched off.");
  const fields = { ...hiddenOf(form.html), confirm: "yes" };
  const wrong = await send(at("disconnect"), { ...fields, name: "stripe" }, { cookie });
  expect([wrong.status, textOf(wrong.html)]).toEqual([
    422,
    expect.stringContaining("Type the connection&#39;s name"),
  ]);
  expect((await connectionOf(world)).status).toBe("active");
  // Its endpoint was made by hand, which is what is left to be done.
  const done = await send(at("disconnect"), { ...fields, name: "Stripe" }, { cookie });
  expect(textOf(done.html)).toMatch(/Stripe is disconnected.*was made by hand: delete it/);
  const again = await send(at("disconnect"), { ...fields, name: "Stripe" }, { cookie });
  expect(again.status).toBe(409);
  expect((await connectionOf(world)).status).toBe("disconnected");
  expect(textOf((await open(PAGE, cookie)).html)).toContain("1 former connection");
});

test("a secret that is not the destination's is red with the way to replace it, and green once a webhook is taken in", async () => {
  const world = await signedIn();
  const { cookie, at } = world;
  const body = JSON.stringify({
    id: "evt_refused",
    object: "event",
    type: "customer.created",
    livemode: false,
  });
  await deliver(world, body, await signatureFor(body, "whsec_notTheOneThatIsStored000000"));
  const badge = (html: string) => /<span class="badge (\w+)"[^>]*>Webhooks refused</.exec(html)?.[1];
  const { html } = await eventually(
    () => open(PAGE, cookie),
    (page) => badge(page.html) === "bad",
  );
  expect(textOf(html)).toContain("Stripe called 1 time and the signature did not match.");
  expect(linksOf(html)).toContain(at("signing-secret"));
  await fillIn(cookie, at("signing-secret"), { webhook_secret: "whsec_theRightOneOfThisTest00000" });
  expect((await open(PAGE, cookie)).html).toMatch(/badge warn"[^>]*>Not heard since</);
  await deliver(world, body, await signatureFor(body, "whsec_theRightOneOfThisTest00000"));
  await eventually(
    async () => (await open(PAGE, cookie)).html,
    (page) => /badge good"[^>]*>Active</.test(page),
  );
});

test("a person whom a platform has sent is named in the connection's history", async () => {
  const world = await createWorld();
  const actor = { id: "u_1", name: `Ada ${HOSTILE}` };
  const made = await world.api("POST", "/dashboard_sessions", { role: "admin", actor });
  const path = new URL(made.body.url).pathname;
  const form = await open(path);
  const opened = await send(path, hiddenOf(form.html));
  const [cookie = ""] = (opened.headers.get("set-cookie") ?? "").split(";");
  await fillIn(cookie, `${PAGE}/${world.connectionId}/pause`, { confirm: "yes" });
  const [entry] = (await world.api("GET", "/audit_log?action=connection.disabled")).body.data;
  expect(entry.actor).toMatchObject({ kind: "dashboard", id: "u_1", name: actor.name });
  const { html } = await open(PAGE, cookie);
  expect(textOf(html)).toMatch(/Paused.*Ada &lt;script&gt;/);
  expect(html).not.toMatch(/<script>alert|<img/);
});

test("who may not change connections is offered no act of them; forms of other sites change nothing", async () => {
  const world = await signedIn();
  const { cookie, at } = world;
  const reader = await signIn(world.keys.read);
  const { html } = await open(PAGE, reader);
  expect(linksOf(html).filter((link) => ACTS.some((act) => link === at(act)))).toEqual([]);
  expect(html).not.toContain("/reconcile");
  for (const act of ACTS) {
    const fields = {
      confirm: "yes",
      token: crypto.randomUUID(),
      name: "Stripe",
      secret_key: otherKey(world),
    };
    expect([act, (await send(at(act), fields, { cookie: reader })).status]).toEqual([act, 403]);
    const forged = await send(at(act), fields, { cookie, from: "https://evil.example" });
    expect([act, forged.status]).toEqual([act, 403]);
  }
  expect(await actsOf(world)).toEqual(["connection.created"]);
});

test("the page asks its ledger once", async () => {
  const { cookie } = await signedIn();
  const asked = await ledgersAskedByPage(() => open(PAGE, cookie));
  expect(asked).toBe(1);
});
