import { env, exports } from "cloudflare:workers";
import { afterAll, beforeAll, expect, inject, test, vi } from "vitest";
import { ledgerSql } from "../harness/ledger-sql.ts";
import { sandbox } from "../harness/sandbox.ts";
import { createOpenInvoice, createWorld, eventually, type TestWorld } from "../harness/world.ts";
import { signWebhook } from "../stripe-sandbox/sign-webhook.ts";

// As it is, and as if it were of this very account and mode: the first may be ignored for that alone.
const VARIANTS = ["as it is", "as of this account"] as const;
type Delivery = { file: string; eventId: string; status: number; problem: string | null };
type Row = Record<string, unknown>;

const corpus = inject("corpus");
const deliveries = new Map<string, Delivery>();
const counts = new Map<string, number>();
let world: TestWorld;
let before: Record<string, string>;

beforeAll(async () => {
  for (const method of ["log", "warn", "error"] as const) vi.spyOn(console, method).mockReturnValue();
  world = await createWorld();
  await payAnInvoice();
  before = await everythingElse();
  for (const [index, file] of corpus.entries()) {
    for (const variant of VARIANTS)
      deliveries.set(`${file.name}/${variant}`, await deliver(file, variant, index));
  }
}, 600_000);

afterAll(() => {
  vi.restoreAllMocks();
  const lines = [...counts].sort().map(([outcome, count]) => `  ${String(count).padStart(5)}  ${outcome}`);
  console.info([`${corpus.length} files, each delivered ${VARIANTS.length} times:`, ...lines].join("\n"));
});

test.each(corpus)("$name is processed, or ignored with a reason", async ({ name }) => {
  for (const variant of VARIANTS) {
    const delivery = deliveries.get(`${name}/${variant}`);
    expect(delivery?.problem ?? null, variant).toBeNull();
    expect(delivery?.status, `${variant}: the door's answer`).toBe(200);
    const row = await eventually(
      () => eventRow(delivery?.eventId ?? ""),
      (seen) => seen !== null && ["processed", "ignored", "dead"].includes(String(seen.status)),
    );
    expect(["processed", "ignored"], `${variant}: ${row?.status}: ${row?.error}`).toContain(row?.status);
    if (row?.status === "ignored") expect(row.reason, variant).toMatch(/^[a-z_]+$/);
    const outcome = [row?.status, row?.reason].filter(Boolean).join(": ");
    counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
  }
});

test("nothing else in the database has changed", async () => {
  // Whatever the queues have still to do, so that it is seen too.
  await new Promise((resolve) => setTimeout(resolve, 1000));
  expect(await everythingElse()).toEqual(before);
});

/** Something that a foreign event could do harm to. */
async function payAnInvoice(): Promise<void> {
  const invoice = await createOpenInvoice(world);
  const read = async () => (await world.api("GET", `/invoices/${invoice.id}`)).body;
  const linked = await eventually(read, (seen) => seen.payment_link.status === "active");
  await sandbox.pay(
    world.accountId,
    { paymentLinkId: linked.payment_link.id },
    { card: "4242 4242 4242 4242" },
  );
  await sandbox.settle();
  await eventually(read, (seen) => seen.status === "paid");
  await eventually(
    () => ledgerSql(world.scope).prepare("SELECT COUNT(*) AS jobs FROM outbox").first<number>("jobs"),
    (jobs) => jobs === 0,
  );
  await createOpenInvoice(world, { finalize: false });
}

async function deliver(
  file: { name: string; text: string },
  variant: (typeof VARIANTS)[number],
  index: number,
): Promise<Delivery> {
  const failed = (problem: string) => ({ file: file.name, eventId: "", status: 0, problem });
  let event: Row;
  try {
    event = JSON.parse(file.text);
  } catch (error) {
    return failed(`It is not JSON: ${error instanceof Error ? error.message : error}`);
  }
  if (typeof event?.id !== "string" || typeof event.type !== "string")
    return failed("It is no Stripe event: it has no id or no type.");
  const own = variant === "as of this account";
  const eventId = own ? `${event.id}_own${index}` : event.id;
  const { account, ...ofOurs } = event;
  const body = own ? JSON.stringify({ ...ofOurs, id: eventId, livemode: false }) : file.text;
  const signature = await signWebhook(body, [world.webhookSecret], Math.floor(Date.now() / 1000));
  const headers = { "stripe-signature": signature, "content-type": "application/json" };
  const request = new Request(world.webhookUrl, { method: "POST", headers, body });
  const response = await exports.default.fetch(request);
  await response.text();
  return { file: file.name, eventId, status: response.status, problem: null };
}

async function eventRow(eventId: string): Promise<Row | null> {
  return ledgerSql(world.scope)
    .prepare("SELECT status, reason, error FROM webhook_events WHERE stripe_event_id = ?")
    .bind(eventId)
    .first<Row>();
}

/** Every row of every table but the event log and the outbox, of the directory and of the ledger, as text. */
async function everythingElse(): Promise<Record<string, string>> {
  const [directory, ledger] = await Promise.all([env.DB, ledgerSql(world.scope)].map(rowsOf));
  return Object.fromEntries([
    ...Object.entries(directory ?? {}).map(([name, rows]) => [`directory: ${name}`, rows]),
    ...Object.entries(ledger ?? {}).map(([name, rows]) => [`ledger: ${name}`, rows]),
  ]);
}

/** That an event came is kept and counted, whosever it is: those tables are left out. */
async function rowsOf(database: D1Database): Promise<Record<string, string>> {
  const tables = await database
    .prepare(
      `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE '\\_cf%' ESCAPE '\\'
         AND name NOT IN ('webhook_events', 'webhook_event_marks', 'hourly_events', 'jobs', 'd1_migrations') ORDER BY name`,
    )
    .all<{ name: string }>();
  const names = tables.results.map(({ name }) => name);
  const contents = await database.batch(
    names.map((name) => database.prepare(`SELECT * FROM ${name} ORDER BY 1, 2`)),
  );
  return Object.fromEntries(names.map((name, index) => [name, JSON.stringify(contents[index]?.results)]));
}
