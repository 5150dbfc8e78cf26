import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { makeSession } from "../checkout/checkout-fixture.ts";
import { deliverToConnect } from "../connections/connected-world.ts";
import { sandbox } from "../harness/sandbox.ts";
import {
  createOpenInvoice,
  createPayableInvoice,
  createTenantWorld,
  createWorld,
  eventually,
} from "../harness/world.ts";
import {
  begin,
  connectionsOf,
  consent,
  createConnectedWorld,
  stripeCalls,
  visit,
} from "./connect-fixture.ts";

const PLATFORM_KEY = "sk_test_quittanceplatform_1";

test("everything is done on the account with the platform's key and Stripe-Account, and no call carries a fee", async () => {
  const world = await createConnectedWorld();
  const connection = `/connections/${world.connectionId}`;
  expect((await world.api("POST", `${connection}/test`)).body).toMatchObject({ ok: true });
  const invoice = await createPayableInvoice(world);
  await sandbox.pay(
    world.accountId,
    { paymentLinkId: invoice.payment_link.id },
    { card: "4242 4242 4242 4242" },
  );
  expect((await world.api("POST", `${connection}/reconcile`, {})).status).toBe(202);
  const paid = await eventually(
    async () => (await world.api("GET", `/invoices/${invoice.id}`)).body,
    ({ status }) => status === "paid",
  );
  const payments = (await world.api("GET", `/payments?invoice_id=${paid.id}`)).body.data;
  const refund = await world.api("POST", `/payments/${payments[0].id}/refunds`, { amount: 100 });
  expect(refund.status).toBe(201);
  await makeSession(world);
  // Fetched alone: who may mend the platform's endpoint is its operator.
  const tried = await world.api("POST", `${connection}/test`);
  expect(tried.body.checks.filter(({ ok }: { ok: boolean }) => !ok)).toEqual([
    expect.objectContaining({
      name: "last_webhook",
      detail: expect.stringContaining("STRIPE_CONNECT_WEBHOOK_SECRETS"),
    }),
  ]);

  const calls = stripeCalls.filter(({ path }) => path.startsWith("/v1/"));
  const ours = calls.filter(({ key, account }) => key === PLATFORM_KEY && account === world.accountId);
  const paths = new Set(ours.map(({ method, path }) => `${method} ${path}`));
  for (const call of ["POST /v1/payment_links", "GET /v1/events", "POST /v1/refunds", "GET /v1/account"])
    expect(paths).toContain(call);
  expect(paths).toContain("POST /v1/checkout/sessions");
  // None without the account's name: it would be done on the platform's own.
  expect(calls.filter(({ key, account }) => key === PLATFORM_KEY && account === null)).toEqual([]);
});

test("a connection by key and one by Stripe Connect stand side by side, and neither uses the other's key", async () => {
  const [byKey, byConnect] = [await createWorld(), await createConnectedWorld()];
  await Promise.all([createPayableInvoice(byKey), createPayableInvoice(byConnect)]);
  const links = stripeCalls.filter(({ method, path }) => `${method} ${path}` === "POST /v1/payment_links");
  const madeBy = (accountId: string) =>
    Object.keys(sandbox.world.accounts[accountId]?.paymentLinks ?? {}).length;
  expect([madeBy(byKey.accountId), madeBy(byConnect.accountId)]).toEqual([1, 1]);
  expect(links.filter(({ key }) => key === byKey.secretKey)).toMatchObject([{ account: null }]);
  expect(links.filter(({ account }) => account === byConnect.accountId)).toMatchObject([
    { key: PLATFORM_KEY },
  ]);
});

test("it has no secret to set and no endpoint to make: both are refused in words, and the rest can be changed", async () => {
  const world = await createConnectedWorld();
  const path = `/connections/${world.connectionId}`;
  for (const field of ["secret_key", "publishable_key", "webhook_secret", "thin_webhook_secret"]) {
    const refused = await world.api("PATCH", path, { [field]: "whsec_abcdefghijklmnop" });
    expect([refused.status, refused.body.errors[0].path]).toEqual([422, field]);
    expect(refused.body.errors[0].message).toContain("made by Stripe Connect");
  }
  const endpoint = await world.api("POST", `${path}/webhook_endpoint`);
  expect([endpoint.status, endpoint.body.code]).toEqual([409, "conflict"]);
  expect(endpoint.body.detail).toContain("nothing to set up");
  const renamed = await world.api("PATCH", path, { name: "Other", is_active: false });
  expect(renamed.body).toMatchObject({ name: "Other", status: "disabled" });
});

test("access that the account's owner has taken back is said in Stripe's words, and work waits until it is back", async () => {
  const world = await createConnectedWorld();
  const platform = sandbox.world.oauthGrants[world.accountId] ?? "";
  delete sandbox.world.oauthGrants[world.accountId];
  const invoice = await createOpenInvoice(world);
  const refused = await eventually(
    () => connectionsOf(world),
    ([connection]) => connection.status === "error",
  );
  expect(refused[0].status_detail).toContain("does not have access to account");
  const tried = await world.api("POST", `/connections/${world.connectionId}/test`);
  const access = tried.body.checks.find(({ name }: { name: string }) => name === "access");
  expect(access).toMatchObject({ ok: false, detail: expect.stringContaining("Connect the account again") });

  sandbox.world.oauthGrants[world.accountId] = platform;
  expect((await world.api("POST", `/connections/${world.connectionId}/test`)).body.ok).toBe(true);
  await eventually(
    async () => (await world.api("GET", `/invoices/${invoice.id}`)).body,
    (seen) => seen.payment_link.status === "active",
  );
});

test("account.updated of the connected account says what it may do and where its owner goes on; of another account it changes nothing here", async () => {
  const [world, other] = [await createConnectedWorld(), await createConnectedWorld()];
  const before = (await connectionsOf(other))[0].account;
  const id = "evt_connectedaccountupdated";
  const answer = await deliverToConnect({
    ...{ id, object: "event", type: "account.updated", livemode: false, account: world.accountId },
    ...{ created: Math.floor(Date.now() / 1000) + 60, api_version: "2026-10-28.endive" },
    data: {
      object: {
        ...sandbox.world.accounts[world.accountId]?.account,
        payouts_enabled: false,
        requirements: { currently_due: ["external_account"] },
      },
    },
  });
  expect(answer.status).toBe(200);
  await eventually(
    async () => (await world.api("GET", `/webhook_events/${id.replace("evt_", "whe_")}`)).body,
    ({ status }) => status === "processed",
  );
  expect((await connectionsOf(world))[0].account).toMatchObject({
    payouts_enabled: false,
    requirements: ["external_account"],
    onboarding_url: expect.stringContaining("https://dashboard.stripe.com/"),
  });
  expect((await connectionsOf(other))[0].account).toEqual(before);
});

test("where the operator lets accounts be shared, one that another environment has by its key is connected by Stripe Connect too", async () => {
  const byKey = await createWorld();
  env.STRIPE_CONNECT_SHARED_ACCOUNTS = "true";
  const second = await createTenantWorld();
  const page = await visit(await consent(await begin(second), { account: byKey.accountId }));
  expect(page.status).toBe(303);
  const [connection] = await connectionsOf(second);
  expect(connection).toMatchObject({ auth_type: "oauth", account: { id: byKey.accountId } });
  const tried = await byKey.api("POST", `/connections/${byKey.connectionId}/test`);
  expect(tried.body.checks).toContainEqual(expect.objectContaining({ name: "secret_key", ok: true }));
});
