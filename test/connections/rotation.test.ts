import { expect, test } from "vitest";
import { rotateWebhookSecret } from "../../src/connections/rotate-secrets.ts";
import { getLiveConnection } from "../../src/connections/store.ts";
import { eraseExpiredSecrets } from "../../src/directory/secret-store.ts";
import { commit } from "../../src/platform/commit.ts";
import { receiveEvent } from "../../src/webhooks/receive-event.ts";
import type { Json } from "../harness/api.ts";
import { sandbox } from "../harness/sandbox.ts";
import { deliver, signatureFor } from "../harness/stripe-delivery.ts";
import { createOpenInvoice, createWorld, eventually, type TestWorld, testDeps } from "../harness/world.ts";

const HOUR_S = 3_600;
const WHSEC = { second: "whsec_secondsecond", third: "whsec_thirdthird" };

const event = () => ({
  id: `evt_${crypto.randomUUID().replaceAll("-", "")}`,
  object: "event",
  type: "customer.created",
  created: Math.floor(Date.now() / 1000),
  livemode: false,
  api_version: "2026-10-28.endive",
  data: { object: { id: "cus_1", object: "customer" } },
});

/** How an event that was signed with these secrets is answered now. */
async function answered(world: TestWorld, ...secrets: string[]): Promise<number> {
  const body = JSON.stringify(event());
  const headers = await Promise.all(secrets.map((secret) => signatureFor(body, secret)));
  const [first = "", ...others] = headers;
  const signatures = others.map((header) => header.slice(header.indexOf(",")));
  return (await deliver(world, body, [first, ...signatures].join(""))).status;
}

/** The same, so many seconds from now. */
async function answeredIn(world: TestWorld, seconds: number, secret: string): Promise<number> {
  const now = Date.now() + seconds * 1000;
  const body = JSON.stringify(event());
  try {
    const header = await signatureFor(body, secret, Math.floor(now / 1000));
    await receiveEvent(testDeps({ now: () => now }), world.scope, body, header);
    return 200;
  } catch (error) {
    return (error as { status: number }).status;
  }
}

const patch = (world: TestWorld, body: object) =>
  world.api("PATCH", `/connections/${world.connectionId}`, body);

const storedSecrets = async (world: TestWorld) =>
  (await getLiveConnection(testDeps(), world.scope, world.connectionId)).secrets.filter(
    ({ field }) => field === "webhook_secret",
  );

test("a new webhook secret leaves the old one valid for the overlap; then it is refused, and erased by cron", async () => {
  const world = await createWorld();
  const changed = await patch(world, {
    webhook_secret: WHSEC.second,
    webhook_secret_overlap_seconds: HOUR_S,
  });
  expect(changed.body).toMatchObject({
    status: "active",
    notices: [expect.stringContaining("stays valid until")],
  });
  expect(await answered(world, world.webhookSecret)).toBe(200);
  expect(await answered(world, WHSEC.second)).toBe(200);
  expect(await answeredIn(world, HOUR_S - 60, world.webhookSecret)).toBe(200);
  expect(await answeredIn(world, HOUR_S + 60, world.webhookSecret)).toBe(400);
  expect(await answeredIn(world, HOUR_S + 60, WHSEC.second)).toBe(200);

  await eraseExpiredSecrets(testDeps({ now: () => Date.now() + (HOUR_S - 60) * 1000 }));
  expect(await storedSecrets(world)).toHaveLength(2);
  await eraseExpiredSecrets(testDeps({ now: () => Date.now() + (HOUR_S + 60) * 1000 }));
  expect(await storedSecrets(world)).toHaveLength(1);
  expect(await answered(world, WHSEC.second)).toBe(200);
});

test("left out, the overlap is 24 hours; more than 7 days are refused", async () => {
  const world = await createWorld();
  await patch(world, { webhook_secret: WHSEC.second });
  expect(await answeredIn(world, 24 * HOUR_S - 60, world.webhookSecret)).toBe(200);
  expect(await answeredIn(world, 24 * HOUR_S + 60, world.webhookSecret)).toBe(400);
  for (const seconds of [604_801, -1, 0.5]) {
    const refused = await patch(world, {
      webhook_secret: WHSEC.third,
      webhook_secret_overlap_seconds: seconds,
    });
    expect(refused.status).toBe(422);
  }
  const week = { webhook_secret: WHSEC.third, webhook_secret_overlap_seconds: 604_800 };
  expect((await patch(world, week)).status).toBe(200);
});

test("each v1 signature of a header is tried against each valid secret", async () => {
  const world = await createWorld();
  await patch(world, { webhook_secret: WHSEC.second });
  expect(await answered(world, "whsec_wrongwrong", WHSEC.second)).toBe(200);
  expect(await answered(world, "whsec_wrongwrong", world.webhookSecret)).toBe(200);
  expect(await answered(world, "whsec_wrongwrong", "whsec_alsowrong")).toBe(400);
});

test("rotations that follow each other within the overlap keep every secret that is still valid", async () => {
  const world = await createWorld();
  await patch(world, { webhook_secret: WHSEC.second });
  await patch(world, { webhook_secret: WHSEC.third });
  for (const secret of [world.webhookSecret, WHSEC.second, WHSEC.third]) {
    expect(await answered(world, secret)).toBe(200);
  }
});

test("an overlap of 0 ends the old secrets with the answer, though an isolate has them cached", async () => {
  const world = await createWorld();
  expect(await answered(world, world.webhookSecret)).toBe(200);
  await patch(world, { webhook_secret: WHSEC.second });
  const ended = await patch(world, { webhook_secret: WHSEC.third, webhook_secret_overlap_seconds: 0 });
  expect(ended.body.notices).toEqual(["The old signing secret is no longer valid."]);
  expect(await answered(world, WHSEC.third)).toBe(200);
  expect(await answered(world, WHSEC.second)).toBe(400);
  expect(await answered(world, world.webhookSecret)).toBe(400);
});

test("an overlap that is running can be ended by itself", async () => {
  const world = await createWorld();
  await patch(world, { webhook_secret: WHSEC.second });
  await patch(world, { webhook_secret_overlap_seconds: 0 });
  expect(await answered(world, world.webhookSecret)).toBe(400);
  expect(await answered(world, WHSEC.second)).toBe(200);
});

test("the same secret again changes nothing, and one that comes back does not expire as an old one", async () => {
  const world = await createWorld();
  const before = await storedSecrets(world);
  await patch(world, { webhook_secret: world.webhookSecret });
  expect(await storedSecrets(world)).toEqual(before);
  await patch(world, { webhook_secret: WHSEC.second, webhook_secret_overlap_seconds: HOUR_S });
  await patch(world, { webhook_secret: world.webhookSecret, webhook_secret_overlap_seconds: HOUR_S });
  expect(await answeredIn(world, 2 * HOUR_S, world.webhookSecret)).toBe(200);
  expect(await answeredIn(world, 2 * HOUR_S, WHSEC.second)).toBe(400);
});

test("the secret that is set already ends those before it as was asked, never later than they would; the answer says which", async () => {
  const world = await createWorld();
  const again = (overlap?: number) =>
    patch(world, { webhook_secret: WHSEC.second, webhook_secret_overlap_seconds: overlap });
  await again(2 * HOUR_S);
  const longer = (await again(24 * HOUR_S)).body.notices;
  expect(longer).toEqual([
    expect.stringContaining("nothing was changed"),
    expect.stringContaining("stays valid until"),
  ]);
  expect((await again()).body.notices).toEqual(longer);
  expect(await answeredIn(world, 2 * HOUR_S + 60, world.webhookSecret)).toBe(400);
  expect((await again(HOUR_S)).body.notices[1]).toContain("stays valid until");
  expect(await answeredIn(world, HOUR_S + 60, world.webhookSecret)).toBe(400);
  expect(await answeredIn(world, HOUR_S - 60, world.webhookSecret)).toBe(200);
  expect((await again(0)).body.notices).toEqual([
    expect.stringContaining("set already, and stays"),
    "The old signing secret is no longer valid.",
  ]);
  expect(await answered(world, world.webhookSecret)).toBe(400);
  expect(await answered(world, WHSEC.second)).toBe(200);
  const acts = (await world.api("GET", "/audit_log?action=connection.webhook_secret_overlap_changed")).body;
  expect(acts.data.map(({ detail }: Json) => detail)).toEqual([{ seconds: 0 }, { seconds: HOUR_S }]);
});

test("a secret that was rotated in elsewhere is read afresh before a signature is refused", async () => {
  const world = await createWorld();
  expect(await answered(world, world.webhookSecret)).toBe(200);
  // Another isolate's rotation, of which this one's cache knows nothing: straight into the database.
  const deps = testDeps();
  const stored = await getLiveConnection(deps, world.scope, world.connectionId);
  const rotation = await rotateWebhookSecret(deps, world.scope, stored, WHSEC.second, HOUR_S);
  await commit(deps.directory, rotation.statements);
  expect(await answered(world, WHSEC.second)).toBe(200);
});

test("of two rotations at once one is refused whole, and the other's secret is valid", async () => {
  const world = await createWorld();
  const answers = await Promise.all([
    patch(world, { webhook_secret: WHSEC.second, name: "second" }),
    patch(world, { webhook_secret: WHSEC.third, name: "third" }),
  ]);
  // Either one after the other, or one of them refused: never half of each.
  for (const { status } of answers) expect([200, 409]).toContain(status);
  expect(answers.map(({ status }) => status)).toContain(200);
  const { name } = (await world.api("GET", `/connections/${world.connectionId}`)).body;
  expect(await answered(world, name === "second" ? WHSEC.second : WHSEC.third)).toBe(200);
  expect(await answered(world, world.webhookSecret)).toBe(200);
});

const revoke = (key: string) => sandbox.world.revokedKeys.push(key);

test("a new secret key is tried first: one that is refused, of another account or of another mode leaves the old one", async () => {
  const world = await createWorld();
  const other = await createWorld();
  const refusals: [object, string][] = [
    [{ secret_key: `${world.secretKey}_invalid` }, "stripe_authentication_failed"],
    [{ secret_key: other.secretKey }, "account_mismatch"],
    [{ secret_key: "sk_live_abcdef" }, "mode_mismatch"],
    [{ secret_key: "pk_test_abcdef" }, "validation_failed"],
  ];
  for (const [body, code] of refusals) {
    const refused = await patch(world, { ...body, name: "never" });
    expect(refused).toMatchObject({ status: 422, body: { code } });
    expect(refused.body.errors[0].path).toBe("secret_key");
  }
  const still = (await world.api("GET", `/connections/${world.connectionId}`)).body;
  expect(still).toMatchObject({ name: "Stripe", secret_key_hint: `sk_test_…${world.secretKey.slice(-4)}` });
  expect((await world.api("POST", `/connections/${world.connectionId}/test`)).body.checks[0].ok).toBe(true);
});

test("a refused key makes the connection error and its work wait; a new key heals it and the work goes on", async () => {
  const world = await createWorld();
  revoke(world.secretKey);
  const invoice = await createOpenInvoice(world);
  const connection = async () => (await world.api("GET", `/connections/${world.connectionId}`)).body;
  const link = async () => (await world.api("GET", `/invoices/${invoice.id}`)).body.payment_link;
  const refused = await eventually(connection, (seen: Json) => seen.status === "error");
  expect(refused.status_detail).toContain("refuses the key");
  expect((await link()).status).toBe("pending");

  const newKey = world.secretKey.replace(/_1$/, "_2");
  const healed = await patch(world, { secret_key: newKey });
  expect(healed.body).toMatchObject({ status: "active", status_detail: null });
  await eventually(link, (seen: Json) => seen.status === "active");
  const rows = (await getLiveConnection(testDeps(), world.scope, world.connectionId)).secrets;
  expect(rows.filter(({ field }) => field === "secret_key")).toHaveLength(1);
});
