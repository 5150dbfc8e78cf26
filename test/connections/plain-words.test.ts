import { expect, test } from "vitest";
import { sandbox } from "../harness/sandbox.ts";
import { createEndpoint, createTenantWorld } from "../harness/world.ts";
import { connect, connected } from "./connect-fixture.ts";
import { failNext, restrictedKey } from "./stripe-side.ts";

const OWN = "sk_test_placeholder_1";
const MISTAKES: [string, object, string, RegExp][] = [
  ["a publishable key in the secret's place", { secret_key: "pk_test_abc" }, "secret_key", /publishable key/],
  ["a signing secret in the key's place", { secret_key: "whsec_abcdefgh" }, "secret_key", /signing secret/],
  ["a URL in the key's place", { secret_key: "https://dashboard.stripe.com" }, "secret_key", /URL/],
  ["nothing in the key's place", { secret_key: " \n" }, "secret_key", /empty/],
  ["a key with a line break inside", { secret_key: "sk_test_ab\ncd" }, "secret_key", /line break/],
  ["two keys at once", { secret_key: "sk_test_ab sk_test_cd" }, "secret_key", /space or a line break/],
  ["a secret key in the publishable's place", { publishable_key: OWN }, "publishable_key", /secret key/],
  ["a URL in the signing secret's place", { webhook_secret: "https://a.example" }, "webhook_secret", /URL/],
  ["an endpoint's id in the signing secret's place", { webhook_secret: "we_123" }, "webhook_secret", /id/],
  ["a key in the signing secret's place", { webhook_secret: OWN }, "webhook_secret", /API key/],
  ["a broken signing secret", { webhook_secret: "whsec_abcd efgh" }, "webhook_secret", /line break/],
];

test.each(MISTAKES)("%s is named, and Stripe is not asked", async (_mistake, fields, path, words) => {
  const world = await createTenantWorld();
  failNext({ kind: "server_error", path: "/v1/account" });
  const answer = await connect(world, fields);
  sandbox.world.faults.length = 0;
  expect(answer.status).toBe(422);
  expect(answer.body.errors).toContainEqual({ path, message: expect.stringMatching(words) });
});

test("a live key in a test environment is a mode_mismatch, at the door and in a later change", async () => {
  const world = await createTenantWorld();
  const live = await connect(world, { secret_key: "sk_live_abc123" });
  expect(live).toMatchObject({ status: 422, body: { code: "mode_mismatch" } });
  const { id, api } = await connected();
  const changed = await api("PATCH", `/connections/${id}`, { publishable_key: "pk_live_abc123" });
  expect(changed).toMatchObject({ status: 422, body: { code: "mode_mismatch" } });
});

test("white space round what was pasted is taken off, and said", async () => {
  const world = await createTenantWorld();
  const endpoint = await createEndpoint(world.secretKey, world.webhookUrl);
  const made = await connect(world, {
    secret_key: `\u00A0${world.secretKey}\n`,
    publishable_key: "pk_test_abc123",
    webhook_secret: `\u200B ${endpoint.secret}\t`,
  });
  expect(made.status).toBe(201);
  expect(made.body.secret_key_hint).toBe(`sk_test_…${world.secretKey.slice(-4)}`);
  const said = made.body.notices.join(" ");
  expect(said).toContain("White space round secret_key");
  expect(said).toContain("White space round webhook_secret");
  expect(said).not.toContain("publishable_key");
  const changed = await world.api("PATCH", `/connections/${made.body.id}`, {
    webhook_secret: ` ${endpoint.secret}`,
  });
  expect(changed.body.notices[0]).toContain("White space round webhook_secret");
  expect(changed.body.notices[1]).toContain("set already");
});

test("a restricted key that may not read the account is refused at the door with the permission's name", async () => {
  const world = await createTenantWorld();
  const key = restrictedKey(world.secretKey, "accounts_kyc_basic_read");
  const answer = await connect(world, { secret_key: key });
  expect(answer).toMatchObject({ status: 422, body: { code: "stripe_permission_missing" } });
  expect(answer.body.detail).toContain("rak_accounts_kyc_basic_read");
});
