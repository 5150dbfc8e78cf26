import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { isNotConfigured, portalParameters } from "../../src/checkout/create-portal-session.ts";
import { AppError } from "../../src/platform/app-error.ts";
import { PORTAL_FLOWS } from "../../src/platform/stripe-limits.ts";
import type { Answer, Json } from "../harness/api.ts";
import { ledgerSql } from "../harness/ledger-sql.ts";
import { sandbox } from "../harness/sandbox.ts";
import { createTenantWorld, createWorld, eventually, type TestWorld } from "../harness/world.ts";
import { type Asker, CARD, makeSession, SUBSCRIPTION } from "./checkout-fixture.ts";

const BACK = "https://app.example.com/account";
let world: TestWorld;
let customerId: string;

beforeAll(async () => {
  world = await createWorld();
  customerId = await makeCustomer(world);
});

beforeEach(() => {
  sandbox.world.faults.length = 0;
});

async function makeCustomer(of: Asker): Promise<string> {
  return (await of.api("POST", "/customers", { name: "Ada", email: "ada@example.com" })).body.id;
}

function openPortal(fields: object = {}, headers = {}, of: Asker = world): Promise<Answer<Json>> {
  return of.api(
    "POST",
    "/billing_portal_sessions",
    { customer_id: customerId, return_url: BACK, ...fields },
    headers,
  );
}

const atStripe = (of = world) => Object.values(sandbox.accountFor(of.secretKey).portalSessions);

/** A subscription that a customer has made on Stripe's page, once it is mirrored. */
async function subscribe(customer_id: string): Promise<string> {
  const made = await makeSession(world, { ...SUBSCRIPTION, customer_id });
  await sandbox.pay(world.accountId, { sessionId: made.id }, CARD);
  await sandbox.settle();
  const list = async () => (await world.api("GET", `/subscriptions?customer_id=${customer_id}`)).body.data;
  const [first] = await eventually(list, (seen) => seen.length > 0);
  return first.id;
}

test("a session is made as the contract says, for a customer who was not at Stripe yet", async () => {
  const made = await openPortal({ locale: "de" });
  expect(made.status).toBe(201);
  expect(made.body).toEqual({
    id: expect.stringMatching(/^bps_/),
    object: "billing_portal_session",
    url: expect.stringContaining(made.body.id),
    customer_id: customerId,
    return_url: BACK,
    flow: null,
    created_at: expect.any(String),
    updated_at: made.body.created_at,
  });
  const session = atStripe().find(({ id }) => id === made.body.id);
  const stripeCustomer = sandbox.accountFor(world.secretKey).customers[session?.customer ?? ""];
  expect(session).toMatchObject({ return_url: BACK, locale: "de", flow: null });
  expect(stripeCustomer).toMatchObject({ name: "Ada", metadata: { customer_id: customerId } });
  expect((await openPortal()).status).toBe(201);
  expect(Object.keys(sandbox.accountFor(world.secretKey).customers)).toHaveLength(1);
});

test("who opened it, for whom and for what is in the audit log, and its address nowhere in clear", async () => {
  const key = { "idempotency-key": crypto.randomUUID() };
  const { body } = await openPortal({ flow: { type: "payment_method_update" } }, key);
  const { data } = (await world.api("GET", `/audit_log?object_id=${body.id}`)).body;
  expect(data).toMatchObject([
    {
      action: "billing_portal_session.created",
      actor: { kind: "api_key" },
      detail: { customer: customerId, flow: "payment_method_update", subscription: null },
    },
  ]);
  const tables = await ledgerSql(world.scope)
    .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE '\\_cf%' ESCAPE '\\'")
    .all<{ name: string }>();
  const rows = await Promise.all(
    tables.results.map(({ name }) => ledgerSql(world.scope).prepare(`SELECT * FROM "${name}"`).all()),
  );
  expect(JSON.stringify(rows)).toContain(key["idempotency-key"]);
  expect(JSON.stringify(rows)).not.toContain("/p/session/");
});

test("under one Idempotency-Key there is one session, also where Stripe's answer was lost", async () => {
  const before = atStripe().length;
  const key = { "idempotency-key": crypto.randomUUID() };
  sandbox.world.faults.push({ method: "POST", path: "/v1/billing_portal", times: 1, kind: "cut_after" });
  expect(await openPortal({}, key)).toMatchObject({ status: 502 });
  const made = await openPortal({}, key);
  expect(made.status).toBe(201);
  const again = await openPortal({}, key);
  expect(again.body).toEqual(made.body);
  expect(again.headers.get("idempotent-replayed")).toBe("true");
  expect(atStripe()).toHaveLength(before + 1);
});

test("a customer whom somebody deleted at Stripe is made there anew", async () => {
  const id = await makeCustomer(world);
  await openPortal({ customer_id: id });
  const { customers, deletedCustomers } = sandbox.accountFor(world.secretKey);
  const gone = Object.values(customers).find(({ metadata }) => metadata.customer_id === id)?.id ?? "";
  delete customers[gone];
  deletedCustomers.push(gone);
  expect(await openPortal({ customer_id: id })).toMatchObject({ status: 201 });
});

describe("a flow", () => {
  test.each(PORTAL_FLOWS)(
    "%s leads there, with the customer's own subscription where it is about one",
    async (type) => {
      const id = await makeCustomer(world);
      const named = type.startsWith("subscription_") ? { subscription_id: await subscribe(id) } : {};
      const made = await openPortal({ customer_id: id, flow: { type, ...named } });
      expect(made).toMatchObject({ status: 201, body: { flow: { type, subscription_id: null, ...named } } });
      const flow = atStripe().find((session) => session.id === made.body.id)?.flow;
      const subscription = named.subscription_id;
      expect(flow).toMatchObject({ type, ...(subscription && { [type]: { subscription } }) });
    },
  );

  test("of another customer's subscription is refused in the words of one that is not there", async () => {
    const [mine, theirs] = [await makeCustomer(world), await makeCustomer(world)];
    const subscription_id = await subscribe(theirs);
    const before = atStripe().length;
    const ask = (id: string) =>
      openPortal({ customer_id: mine, flow: { type: "subscription_cancel", subscription_id: id } });
    const [real, missing] = [await ask(subscription_id), await ask("sub_none")];
    expect(real).toMatchObject({ status: 422, body: { code: "validation_failed" } });
    const said = (answer: Answer<Json>, id: string) => JSON.stringify(answer.body.errors).replaceAll(id, "…");
    expect(said(real, subscription_id)).toBe(said(missing, "sub_none"));
    expect(real.body.errors).toMatchObject([{ path: "flow.subscription_id" }]);
    expect(atStripe()).toHaveLength(before);
  });

  test("of a subscription that has ended is refused", async () => {
    const id = await makeCustomer(world);
    const subscription_id = await subscribe(id);
    const stripe = (method: string) =>
      sandbox.fetch(
        new Request(`http://stripe.sandbox/v1/subscriptions/${subscription_id}`, {
          method,
          headers: { authorization: `Bearer ${world.secretKey}` },
        }),
      );
    await stripe("DELETE");
    await sandbox.settle();
    const read = async () => (await world.api("GET", `/subscriptions/${subscription_id}`)).body;
    await eventually(read, ({ status }) => status === "canceled");
    const answer = await openPortal({
      customer_id: id,
      flow: { type: "subscription_cancel", subscription_id },
    });
    expect(answer).toMatchObject({ status: 422, body: { errors: [{ path: "flow.subscription_id" }] } });
    expect(answer.body.errors[0].message).toMatch(/has ended/);
  });
});

describe("refused before Stripe is asked, with the place and what helps:", () => {
  test.each([
    ["no customer", { customer_id: undefined }, "customer_id", /./],
    ["a customer that is not there", { customer_id: "cus_none" }, "customer_id", /no customer 'cus_none'/],
    ["no return_url", { return_url: undefined }, "return_url", /./],
    ["plain http", { return_url: "http://app.example.com/" }, "return_url", /https/],
    ["a script", { return_url: "javascript:alert(1)" }, "return_url", /https/],
    ["a long address", { return_url: `https://a.example/${"a".repeat(5000)}` }, "return_url", /5,000/],
    ["an unknown flow", { flow: { type: "refund" } }, "flow.type", /./],
    [
      "a flow without its subscription",
      { flow: { type: "subscription_update" } },
      "flow.subscription_id",
      /which/,
    ],
    [
      "a subscription that the flow is not about",
      { flow: { type: "payment_method_update", subscription_id: "sub_1" } },
      "flow.subscription_id",
      /leave it out/,
    ],
    ["an unknown locale", { locale: "xx" }, "locale", /de/],
    ["an unknown field", { configuration: "bpc_1" }, "configuration", /Unknown parameter/],
  ])("%s", async (_, fields, path, words) => {
    const before = atStripe().length;
    const answer = await openPortal(fields);
    expect(answer).toMatchObject({ status: 422, body: { code: "validation_failed" } });
    expect(answer.body.errors).toEqual([{ path, message: expect.stringMatching(words) }]);
    expect(atStripe()).toHaveLength(before);
  });

  test("an origin that the environment does not allow", async () => {
    const strict = await createWorld();
    const customer_id = await makeCustomer(strict);
    await strict.api("PATCH", "/settings", { allowed_origins: ["https://app.example.com"] });
    expect(await openPortal({ customer_id }, {}, strict)).toMatchObject({ status: 201 });
    const refused = await openPortal({ customer_id, return_url: "https://evil.example/" }, {}, strict);
    expect(refused).toMatchObject({ status: 422, body: { errors: [{ path: "return_url" }] } });
    for (const said of ["https://evil.example", "allowed_origins"])
      expect(refused.body.errors[0].message).toContain(said);
  });

  test("no connection", async () => {
    const bare = await createTenantWorld();
    const customer_id = await makeCustomer(bare);
    expect(await openPortal({ customer_id }, {}, bare)).toMatchObject({
      status: 409,
      body: { code: "connection_missing" },
    });
  });
});

test("a portal that was never set up at Stripe is said with the page where it is done", async () => {
  const fresh = await createWorld();
  sandbox.accountFor(fresh.secretKey).isPortalSaved = false;
  const customer_id = await makeCustomer(fresh);
  const refused = await openPortal({ customer_id }, {}, fresh);
  expect(refused).toMatchObject({ status: 409, body: { code: "portal_not_configured" } });
  expect(refused.body.detail).toContain("https://dashboard.stripe.com/test/settings/billing/portal");
  expect((await fresh.api("GET", "/audit_log?action=billing_portal_session.created")).body.data).toEqual([]);
  sandbox.accountFor(fresh.secretKey).isPortalSaved = true;
  expect(await openPortal({ customer_id }, {}, fresh)).toMatchObject({ status: 201 });
});

test.each([
  "You can’t create a portal session in test mode until you save your customer portal settings in test mode at https://dashboard.stripe.com/test/settings/billing/portal.",
  "No configuration provided and your live mode default configuration has not been created. Provide a configuration or create your default by saving your customer portal settings in live mode at https://dashboard.stripe.com/settings/billing/portal.",
])("Stripe's words for it are known: %s", (said) => {
  expect(isNotConfigured(new AppError("stripe_refused", { detail: `Stripe refused: ${said}` }))).toBe(true);
  expect(isNotConfigured(new AppError("stripe_refused", { detail: "No such customer" }))).toBe(false);
});

test("Stripe is asked in its own words", () => {
  const flow = { type: "subscription_update" as const, subscriptionId: "sub_1" };
  const input = { customerId: "cus_ada", returnUrl: BACK, flow, locale: undefined };
  expect(portalParameters(input, "cus_1")).toEqual({
    customer: "cus_1",
    return_url: BACK,
    flow_data: { type: "subscription_update", subscription_update: { subscription: "sub_1" } },
  });
});
