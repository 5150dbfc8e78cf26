// A deployment that is not configured says what is missing and how to put it right, and does nothing else.

import { env } from "cloudflare:workers";
import { describe, expect, test, vi } from "vitest";
import { consumeEvent } from "../../src/webhooks/consume-events.ts";
import type { Json } from "../harness/api.ts";
import { callWith } from "../harness/call-with.ts";
import { guardedDatabase } from "../harness/guarded-database.ts";
import { ledgerSql } from "../harness/ledger-sql.ts";
import { messageFor } from "../harness/stripe-delivery.ts";
import { createTenantWorld, createWorld, testDeps } from "../harness/world.ts";

const GOOD_KEY = "k1:K6rqxBhYRg1jFddmoE36H+NEblKyRSP5eDpN8eGo8Oo=";

const WRONG: [string, Record<string, string | undefined>, string, string][] = [
  ["no root token", { ROOT_TOKEN: undefined }, "ROOT_TOKEN", "openssl rand -hex 32"],
  ["a blank root token", { ROOT_TOKEN: "   " }, "ROOT_TOKEN", "openssl rand -hex 32"],
  ["a short root token", { ROOT_TOKEN: "3f9a1c" }, "ROOT_TOKEN", "256 random bits"],
  [
    "a root token of 128 bits",
    { ROOT_TOKEN: "5f0c1a7be94d4c33a1d27c60b8e2f19d" },
    "ROOT_TOKEN",
    "256 random bits",
  ],
  [
    "a root token that counts up",
    { ROOT_TOKEN: "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOP" },
    "ROOT_TOKEN",
    "random",
  ],
  [
    "an example root token",
    { ROOT_TOKEN: "change-me-change-me-change-me-change-me" },
    "ROOT_TOKEN",
    "example",
  ],
  ["a root token that is not random", { ROOT_TOKEN: "abab".repeat(20) }, "ROOT_TOKEN", "random"],
  ["no encryption keys", { ENCRYPTION_KEYS: undefined }, "ENCRYPTION_KEYS", "openssl rand -base64 32"],
  ["an example key", { ENCRYPTION_KEYS: "k1:<base64 of 32 bytes>" }, "ENCRYPTION_KEYS", "example"],
  ["a key of too few bytes", { ENCRYPTION_KEYS: "k1:c2hvcnQ=" }, "ENCRYPTION_KEYS", "32 bytes"],
  ["a key of zeros", { ENCRYPTION_KEYS: `k1:${"A".repeat(43)}=` }, "ENCRYPTION_KEYS", "not random"],
  [
    "a key that counts up",
    { ENCRYPTION_KEYS: "k1:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=" },
    "ENCRYPTION_KEYS",
    "not random",
  ],
  ["a key id twice", { ENCRYPTION_KEYS: `${GOOD_KEY},${GOOD_KEY}` }, "ENCRYPTION_KEYS", "repeats"],
  ["a public URL with a path", { PUBLIC_URL: "https://a.example/b" }, "PUBLIC_URL", "origin"],
  ["a Stripe base that is no URL", { STRIPE_API_BASE: "stripe" }, "STRIPE_API_BASE", "not a URL"],
  [
    "a Postmark token of 128 bits",
    { POSTMARK_WEBHOOK_TOKEN: "b9f2c1d0e4a7865340cdfe1290ab3478" },
    "POSTMARK_WEBHOOK_TOKEN",
    "256 random bits",
  ],
  [
    "a Resend secret of 96 bits",
    { RESEND_WEBHOOK_SECRET: "whsec_MfKQ9r8GKYqrTwjU" },
    "RESEND_WEBHOOK_SECRET",
    "right form",
  ],
  ...["0", "3651", "-1", "1.5", "30d", "1e2"].map(
    (days): [string, Record<string, string>, string, string] => [
      `a retention of '${days}' days`,
      { RETENTION_DAYS: days },
      "RETENTION_DAYS",
      "leave it unset for 30",
    ],
  ),
];

test.each(WRONG)(
  "with %s, /readyz and the API are 503 and name the setting and its remedy",
  async (_, settings, name, words) => {
    const ready = await callWith(settings, "GET", "/readyz", { key: env.ROOT_TOKEN });
    expect([ready.status, ready.body.ready]).toEqual([503, false]);
    const check = ready.body.checks.find((one: { name: string }) => one.name === "settings");
    expect(check.ok).toBe(false);
    expect(check.detail).toContain(name);
    expect(check.detail).toContain(words);

    const api = await callWith(settings, "GET", "/api/v1/customers", { key: "qt_x" });
    expect([api.status, api.body.code]).toEqual([503, "not_configured"]);
    expect(api.body.detail).toContain(name);
    expect(api.headers.get("retry-after")).not.toBeNull();
    for (const value of Object.values(settings)) {
      if (value && value.trim().length > 6)
        expect(JSON.stringify([ready.body, api.body])).not.toContain(value);
    }
  },
);

test("every problem is told at once", async () => {
  const { body } = await callWith({ ROOT_TOKEN: "", ENCRYPTION_KEYS: "" }, "GET", "/readyz");
  expect(body.checks[0].detail).toContain("ROOT_TOKEN");
  expect(body.checks[0].detail).toContain("ENCRYPTION_KEYS");
});

test("a webhook to a deployment that is not configured is 503, so that Stripe sends it again", async () => {
  const { scope } = await createTenantWorld();
  const path = `/api/v1/webhooks/stripe/${scope.tenantId}/${scope.environmentId}`;
  expect((await callWith({ ENCRYPTION_KEYS: "" }, "POST", path, { body: {} })).status).toBe(503);
});

test("it is up without being ready, and ready when all is set", async () => {
  expect((await callWith({ ROOT_TOKEN: "" }, "GET", "/healthz")).status).toBe(200);
  const { status, body } = await callWith({}, "GET", "/readyz", { key: env.ROOT_TOKEN });
  expect([status, body.ready]).toEqual([200, true]);
  const names = body.checks.map(({ name }: { name: string }) => name);
  expect(names).toEqual([
    "settings",
    "database",
    "migrations",
    "queues",
    "ledgers",
    "rate_limits",
    "email",
    "keyring",
    "dead_letters",
    "storage",
    "budgets",
  ]);
});

test("a database without a migration, or without an answer, is not ready, and says which", async () => {
  const failing = (message: string) =>
    ({
      prepare: () => ({ bind: () => ({ all: () => Promise.reject(new Error(message)) }) }),
    }) as unknown as D1Database;
  const checksWith = async (DB: D1Database) => {
    const { status, body } = await callWith({ DB }, "GET", "/readyz", { key: env.ROOT_TOKEN });
    expect(status).toBe(503);
    return body.checks.filter(({ ok }: { ok: boolean }) => !ok).map(({ name }: { name: string }) => name);
  };
  expect(await checksWith(failing("no such table: d1_migrations"))).toEqual(["migrations"]);
  expect(await checksWith(failing("network connection lost"))).toEqual(["database"]);
});

test("reached under a name that nobody has set, /readyz and the API say so, and no such name is told to anybody", async () => {
  const world = await createTenantWorld();
  const unset = { PUBLIC_URL: "" };
  const ready = await callWith(unset, "GET", "/readyz", { key: env.ROOT_TOKEN });
  expect([ready.status, settingsOf(ready.body).ok]).toEqual([503, false]);
  expect(settingsOf(ready.body).detail).toContain("PUBLIC_URL is not set");
  const api = await callWith(unset, "GET", "/api/v1/connections", { key: world.keys.read });
  expect([api.status, api.body.code]).toEqual([503, "not_configured"]);
  expect(api.body.detail).toContain("PUBLIC_URL");
  // The machine itself is nobody else, as in development.
  const local = { key: world.keys.read, origin: "http://127.0.0.1:8787" };
  expect((await callWith(unset, "GET", "/api/v1/connections", local)).status).toBe(200);
  expect((await callWith(unset, "GET", "/readyz", { ...local, key: env.ROOT_TOKEN })).status).toBe(200);
});

test("everybody is told shortly what is red, from memory; why, root alone", async () => {
  const DB = guardedDatabase((run) => run());
  const asked = { prepares: 0 };
  const counted = {
    ...DB,
    prepare: (query: string) => {
      asked.prepares += 1;
      return DB.prepare(query);
    },
  } as D1Database;
  const shortly = async () => (await callWith({ DB: counted }, "GET", "/readyz")).body;
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() });
  try {
    expect(await shortly()).toEqual({ ready: true, checks: [] });
    const { prepares } = asked;
    await env.DB.prepare("ALTER TABLE api_keys RENAME TO other").run();
    for (let times = 0; times < 50; times++) expect(await shortly()).toEqual({ ready: true, checks: [] });
    // Not one statement more.
    expect(asked.prepares).toBe(prepares);
    const whole = await callWith({ DB: counted }, "GET", "/readyz", { key: env.ROOT_TOKEN });
    expect([whole.status, JSON.stringify(whole.body)]).toEqual([503, expect.stringContaining("api_keys")]);

    vi.setSystemTime(Date.now() + 15_000);
    const red = await callWith({ DB: counted }, "GET", "/readyz", { key: "qt_somebody" });
    expect([red.status, red.body.checks]).toEqual([
      503,
      [{ name: "migrations", ok: false, detail: expect.stringContaining("ROOT_TOKEN") }],
    ]);
    expect(JSON.stringify(red.body)).not.toContain("api_keys");
  } finally {
    vi.useRealTimers();
    await env.DB.prepare("ALTER TABLE other RENAME TO api_keys").run();
  }
});

describe("a Worker that was deployed before its migrations", () => {
  test.each([
    [
      "a column",
      "ALTER TABLE connections RENAME COLUMN account TO other",
      "ALTER TABLE connections RENAME COLUMN other TO account",
      "account",
    ],
    ["a table", "ALTER TABLE api_keys RENAME TO other", "ALTER TABLE other RENAME TO api_keys", "api_keys"],
  ])("says which %s is missing, in /readyz and to who calls", async (_, take, giveBack, name) => {
    const world = await createWorld();
    await env.DB.prepare(take).run();
    try {
      const ready = await callWith({}, "GET", "/readyz", { key: env.ROOT_TOKEN });
      expect([ready.status, ready.body.ready]).toEqual([503, false]);
      const check = ready.body.checks.find((one: { name: string }) => one.name === "migrations");
      expect(check.ok).toBe(false);
      expect(check.detail).toContain(name);
      expect(check.detail).toContain("wrangler d1 migrations apply");
      const api = await callWith({}, "GET", "/api/v1/connections", { key: world.keys.read });
      expect([api.status, api.body.code]).toEqual([503, "database_behind"]);
      expect(api.body.detail).toContain(name);
    } finally {
      await env.DB.prepare(giveBack).run();
    }
    expect((await callWith({}, "GET", "/readyz", { key: env.ROOT_TOKEN })).status).toBe(200);
  });

  test("says which column of an environment's ledger is missing, and by which migration it should be there", async () => {
    const world = await createWorld();
    const rename = (from: string, to: string) =>
      ledgerSql(world.scope).prepare(`ALTER TABLE customers RENAME COLUMN ${from} TO ${to}`).run();
    await rename("phone", "other");
    try {
      const { status, body } = await world.api("POST", "/customers", { name: "Ada" });
      expect([status, body.code]).toEqual([503, "database_behind"]);
      expect(body.detail).toMatch(/phone.* number \d+ of migrations\/ledger/);
    } finally {
      await rename("other", "phone");
    }
    expect((await world.api("POST", "/customers", { name: "Ada" })).status).toBe(201);
  });

  test("keeps an event that needs what is missing as failed, with its name, and does it once it is there", async () => {
    const world = await createWorld();
    const event = {
      id: "evt_account",
      object: "event",
      api_version: "2026-10-28.endive",
      type: "account.updated",
      created: Math.floor(Date.now() / 1000) + 60,
      livemode: false,
      data: { object: { id: world.accountId, object: "account", charges_enabled: false } },
    };
    const bring = () => consumeEvent(testDeps(), messageFor(world, event as never));
    await env.DB.prepare("ALTER TABLE connections RENAME COLUMN account TO other").run();
    try {
      await expect(bring()).rejects.toThrow("account");
      const [kept] = (await world.api("GET", "/webhook_events?type=account.updated")).body.data ?? [];
      expect(kept).toMatchObject({ status: "failed", error: expect.stringContaining("account") });
    } finally {
      await env.DB.prepare("ALTER TABLE connections RENAME COLUMN other TO account").run();
    }
    await bring();
    const [done] = (await world.api("GET", "/webhook_events?type=account.updated")).body.data;
    expect(done).toMatchObject({ status: "processed" });
  });
});

function settingsOf(body: Json) {
  return body.checks.find((one: { name: string }) => one.name === "settings");
}
