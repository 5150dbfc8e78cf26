import { env } from "cloudflare:workers";
import { expect, test, vi } from "vitest";
import { runChores } from "../../src/cron.ts";
import { call, root } from "../harness/api.ts";
import { ledgerSql } from "../harness/ledger-sql.ts";
import { sandbox } from "../harness/sandbox.ts";
import { untilAllTakenIn } from "../harness/stripe-delivery.ts";
import { createEndpoint, createOpenInvoice, createTenantWorld, eventually } from "../harness/world.ts";

test("no secret is in any response, log, job or table, whatever goes right or wrong", async () => {
  const said: string[] = [];
  const spies = (["log", "warn", "error", "info", "debug"] as const).map((level) =>
    vi.spyOn(console, level).mockImplementation((...parts) => void said.push(parts.map(String).join(" "))),
  );
  const queued: string[] = [];
  const realSend = env.STRIPE_EVENTS.send.bind(env.STRIPE_EVENTS);
  const realBatch = env.JOBS.sendBatch.bind(env.JOBS);
  spies.push(
    vi.spyOn(env.STRIPE_EVENTS, "send").mockImplementation((body, options) => {
      queued.push(String(body));
      return realSend(body, options);
    }) as never,
    vi.spyOn(env.JOBS, "sendBatch").mockImplementation((messages, options) => {
      const all = [...messages];
      queued.push(JSON.stringify(all));
      return realBatch(all, options);
    }) as never,
  );

  const world = await createTenantWorld();
  const endpoint = await createEndpoint(world.secretKey, world.webhookUrl);
  const idempotent = { "idempotency-key": crypto.randomUUID() };
  const connect = (fields: object = {}) =>
    world.api("POST", "/connections", {
      name: "Stripe",
      provider: "stripe",
      secret_key: world.secretKey,
      webhook_secret: endpoint.secret,
      ...fields,
    });
  const answers = [
    await connect({ secret_key: `${world.secretKey}_invalid` }),
    await connect({ secret_key: endpoint.secret, webhook_secret: world.secretKey }),
    await connect({ publishable_key: world.secretKey }),
    await world.api(
      "POST",
      "/connections",
      { name: "Stripe", provider: "stripe", secret_key: world.secretKey, webhook_secret: endpoint.secret },
      idempotent,
    ),
    await connect(),
  ];
  expect(answers.map((answer) => answer.status)).toEqual([422, 422, 422, 201, 409]);

  const invoice = await createOpenInvoice(world);
  const read = async () => {
    const answer = await world.api("GET", `/invoices/${invoice.id}`);
    answers.push(answer);
    return answer.body;
  };
  const linked = await eventually(read, (seen) => seen.payment_link.status === "active");
  await sandbox.pay(world.accountId, { paymentLinkId: linked.payment_link.id }, { card: "4000000000000002" });
  await sandbox.pay(world.accountId, { paymentLinkId: linked.payment_link.id }, { card: "4242424242424242" });
  await sandbox.settle();
  await eventually(read, (seen) => seen.status === "paid");
  await untilAllTakenIn(world);
  // A key that Stripe takes back in the middle of the work: its refusal is logged and stored.
  sandbox.world.revokedKeys.push(world.secretKey);
  await createOpenInvoice(world);
  const connection = async () => {
    const answer = await world.api("GET", "/connections");
    answers.push(answer);
    return answer.body.data[0];
  };
  expect(await eventually(connection, (seen) => seen.status === "error")).toMatchObject({ is_active: true });
  for (const path of ["/payments", "/webhook_events", "/customers", "/invoices", "/api_keys"]) {
    answers.push(await world.api("GET", path));
  }
  answers.push(
    await root("GET", `/tenants/${world.scope.tenantId}/environments/${world.scope.environmentId}/api_keys`),
  );
  answers.push(
    await call("GET", "https://quittance.test/readyz", { key: env.ROOT_TOKEN }),
    await call("GET", "https://quittance.test/openapi.json"),
  );
  await runChores(env);
  for (const spy of spies) spy.mockRestore();

  const rows = (await dump(env.DB)) + (await dump(ledgerSql(world.scope)));
  expect(said.length).toBeGreaterThan(3);
  expect(queued.length).toBeGreaterThan(3);
  const places = {
    responses: JSON.stringify(answers.map((answer) => answer.body)),
    logs: said.join("\n"),
    jobs: queued.join("\n"),
    database: rows,
  };
  const masterKey = env.ENCRYPTION_KEYS.split(":")[1] ?? "";
  const secrets = {
    ...world.keys,
    secretKey: world.secretKey,
    webhookSecret: endpoint.secret,
    root: env.ROOT_TOKEN,
    masterKey,
  };
  for (const [place, text] of Object.entries(places)) {
    for (const [name, secret] of Object.entries(secrets)) {
      expect({ place, name, found: text.includes(secret) || text.includes(btoa(secret)) }).toEqual({
        place,
        name,
        found: false,
      });
    }
  }
  // What was looked through is what it should be.
  expect(places.database).toContain(world.scope.environmentId);
  expect(places.database).toContain("ciphertext");
  expect(places.database).toContain("payment_intent.succeeded");
  expect(places.logs).toContain("work waits for the connection");
});

async function dump(database: D1Database): Promise<string> {
  const tables = await database
    .prepare("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '\\_cf%' ESCAPE '\\'")
    .all<{ name: string }>();
  const dumps = await Promise.all(
    tables.results.map(({ name }) => database.prepare(`SELECT * FROM "${name}"`).all()),
  );
  return JSON.stringify(dumps.map((dump) => dump.results));
}
