// The operator hears once of what needs a person, and once that it is over.

import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, test } from "vitest";
import { newSigningSecret } from "../../src/notifications/sign-message.ts";
import { readConfig } from "../../src/platform/config.ts";
import type { Deps } from "../../src/platform/deps.ts";
import { tellOperator } from "../../src/tell-operator.ts";
import type { Json } from "../harness/api.ts";
import { testDeps } from "../harness/world.ts";
import { createReceiver, type Receiver, verifySignature } from "../notifications/receiver.ts";

const MINUTE_MS = 60_000;
const secret = newSigningSecret();
let receiver: Receiver;
let nowMs: number;

beforeEach(async () => {
  await env.DB.batch(
    ["pulses", "operator_troubles", "unreadable_messages", "queue_runs", "queue_asks"].map((table) =>
      env.DB.prepare(`DELETE FROM ${table}`),
    ),
  );
  receiver = createReceiver();
  nowMs = Date.now();
});

function operatorDeps(operator: Partial<Deps["config"]["operator"]> = {}, parts: Partial<Deps> = {}): Deps {
  const { config } = testDeps();
  const webhook = { url: receiver.url, secret };
  return testDeps({
    config: { ...config, operator: { email: null, webhook, ...operator }, ...parts.config },
    now: () => nowMs,
    ...(parts.emailBinding && { emailBinding: parts.emailBinding }),
  });
}

/** Cron, minute for minute. */
async function run(minutes: number, deps = operatorDeps()): Promise<void> {
  for (let minute = 0; minute < minutes; minute++) {
    await tellOperator(deps);
    nowMs += MINUTE_MS;
  }
}

async function pulse(environmentId: string, fields: Record<string, number> = {}): Promise<void> {
  const row = { dead_events: 0, dead_work: 0, failed_deliveries: 0, bytes: 1, ...fields };
  await env.DB.prepare(
    `INSERT OR REPLACE INTO pulses (environment_id, tenant_id, dead_events, dead_work, waiting_work,
       failed_deliveries, failing_destinations, bytes, at_ms) VALUES (?, 'tenant_t', ?, ?, 0, ?, 0, ?, ?)`,
  )
    .bind(environmentId, row.dead_events, row.dead_work, row.failed_deliveries, row.bytes, nowMs)
    .run();
}

const told = () => receiver.received.map((message) => verifySignature(secret, message) as Json);
const keysOf = (items: Json[]) => items.map(({ key }) => key).sort();

describe("what needs a person", () => {
  test("is told once, signed, and once more when it is over", async () => {
    await pulse("env_a", { dead_events: 2 });
    await run(10);
    expect(told()).toHaveLength(1);
    expect(told()[0]).toMatchObject({
      type: "operator.alert",
      data: {
        begun: [
          { key: "dead_events/env_a", words: expect.stringMatching(/gave up in env_a of tenant_t \(2\)/) },
        ],
        healed: [],
      },
    });
    await pulse("env_a");
    await run(10);
    expect(told()).toHaveLength(2);
    expect(told()[1]).toMatchObject({ data: { begun: [], healed: [{ key: "dead_events/env_a" }] } });
    expect(told()[1].id).not.toBe(told()[0].id);
  });

  test("is told of each environment and kind by itself, those of one minute together", async () => {
    await pulse("env_a", { dead_events: 1, dead_work: 1 });
    await pulse("env_b", { failed_deliveries: 3, bytes: 8e9 });
    await run(5);
    expect(told()).toHaveLength(1);
    expect(keysOf(told()[0].data.begun)).toEqual([
      ...["dead_events/env_a", "dead_jobs/env_a", "failed_deliveries/env_b", "storage/env_b"],
    ]);
    await pulse("env_c", { dead_work: 1 });
    await run(5);
    expect(keysOf(told()[1].data.begun)).toEqual(["dead_jobs/env_c"]);
  });

  test("is not told where it is over within two minutes", async () => {
    await pulse("env_a", { dead_work: 1 });
    await run(2);
    await pulse("env_a");
    await run(5);
    expect(receiver.received).toEqual([]);
    const left = await env.DB.prepare("SELECT COUNT(*) AS n FROM operator_troubles").first("n");
    expect(left).toBe(0);
  });

  test("is a ledger that cannot be used, a budget near its end and mails that wait for a cap, until that is over", async () => {
    await pulse("env_a");
    const budgets = {
      events_per_day: { state: "over", most: 100_000, untilMs: nowMs + 6 * MINUTE_MS },
      ledger_bytes: { state: "near", most: 9e9, untilMs: null },
    };
    await env.DB.prepare("UPDATE pulses SET ledger_error = ?, budgets = ?, mails_wait_until_ms = ?")
      .bind("Number 19 failed.", JSON.stringify(budgets), nowMs + 6 * MINUTE_MS)
      .run();
    await run(4);
    expect(told()).toHaveLength(1);
    expect(keysOf(told()[0].data.begun)).toEqual(["budgets/env_a", "ledger/env_a", "mail_caps/env_a"]);
    const words = told()[0]
      .data.begun.map((item: Json) => item.words)
      .join("\n");
    expect(words).toContain("in env_a of tenant_t: Number 19 failed.");
    expect(words).toContain("events_per_day is used up (100,000 webhook events a day)");
    expect(words).toContain("ledger_bytes is nearly used up (9 GB of stored rows)");
    // The day is over, and with it the cap; what is stored stays.
    await run(4);
    expect(keysOf(told()[1].data.healed)).toEqual(["mail_caps/env_a"]);
    await pulse("env_a");
    await run(1);
    expect(keysOf(told()[2].data.healed)).toEqual(["budgets/env_a", "ledger/env_a"]);
  });

  test("is what a queue brought that nobody can read, or from a queue that nobody serves", async () => {
    await env.DB.prepare("INSERT INTO unreadable_messages VALUES ('m', 'q', 't', 'e', 1)").run();
    await env.DB.prepare("INSERT INTO queue_runs VALUES ('acme-invoices', NULL, ?)").bind(nowMs).run();
    await run(3);
    expect(keysOf(told()[0].data.begun)).toEqual(["dead_messages", "queues"]);
  });

  test("is told again at the next minute where it was not taken, under the same id", async () => {
    await pulse("env_a", { dead_events: 1 });
    receiver.answer = async () => new Response("down", { status: 503 });
    await run(4);
    receiver.answer = async () => new Response("thanks");
    await run(4);
    expect(new Set(receiver.received.map(({ id }) => id)).size).toBe(1);
    expect(receiver.received.length).toBe(3);
  });

  test("is mailed by the deployment's own provider", async () => {
    const mails: Json[] = [];
    const emailBinding = {
      send: async (mail: Json) => {
        mails.push(mail);
        return { messageId: "m1" };
      },
    } as unknown as SendEmail;
    const email = {
      provider: "cloudflare" as const,
      from: { email: "b@acme.dev", name: null },
      replyTo: null,
    };
    const config = { email } as Deps["config"];
    const deps = operatorDeps({ email: "ops@acme.dev", webhook: null }, { config, emailBinding });
    await pulse("env_a", { dead_events: 2 });
    await run(6, deps);
    await pulse("env_a");
    await run(6, deps);
    expect(mails.map(({ subject }) => subject)).toEqual([
      expect.stringMatching(/^Needs you at quittance\.test: Webhook events gave up in env_a/),
      expect.stringMatching(/^Over at quittance\.test: Webhook events gave up in env_a/),
    ]);
    expect(mails[0]).toMatchObject({
      to: "ops@acme.dev",
      text: expect.stringContaining("Needs a person\n\n- "),
    });
  });

  test("is not looked for where nobody is to be told", async () => {
    await pulse("env_a", { dead_events: 1 });
    await run(3, operatorDeps({ webhook: null }));
    expect(await env.DB.prepare("SELECT COUNT(*) AS n FROM operator_troubles").first("n")).toBe(0);
  });
});

describe("the operator's settings", () => {
  const base = { ROOT_TOKEN: env.ROOT_TOKEN, ENCRYPTION_KEYS: env.ENCRYPTION_KEYS };
  const url = "https://ops.example.com/in";

  test.each([
    [{ OPERATOR_EMAIL: "nobody" }, "OPERATOR_EMAIL"],
    [{ OPERATOR_WEBHOOK_URL: "ops" }, "OPERATOR_WEBHOOK_URL"],
    [{ OPERATOR_WEBHOOK_URL: url }, "OPERATOR_WEBHOOK_SECRET"],
    [{ OPERATOR_WEBHOOK_URL: url, OPERATOR_WEBHOOK_SECRET: "whsec_short" }, "OPERATOR_WEBHOOK_SECRET"],
  ])("that are wrong are named: %o", (settings, setting) => {
    const read = readConfig({ ...base, ...settings });
    expect(read.ok ? [] : read.problems).toMatchObject([{ setting, remedy: expect.stringMatching(/\.$/) }]);
  });

  test("take an address and a URL with its secret", () => {
    const settings = {
      OPERATOR_EMAIL: "Ops <ops@acme.dev>",
      OPERATOR_WEBHOOK_URL: url,
      OPERATOR_WEBHOOK_SECRET: secret,
    };
    const operator = { email: "ops@acme.dev", webhook: { url, secret } };
    expect(readConfig({ ...base, ...settings })).toMatchObject({ ok: true, config: { operator } });
  });

  test("want a provider of mails for an address", () => {
    const read = readConfig({ ...base, OPERATOR_EMAIL: "ops@acme.dev", EMAIL_PROVIDER: "off" });
    expect(read.ok && read.config.undecided).toMatchObject([{ setting: "OPERATOR_EMAIL" }]);
  });
});
