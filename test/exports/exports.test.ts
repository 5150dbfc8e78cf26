import { expect, test } from "vitest";
import { open, signIn } from "../dashboard/browse.ts";
import { insertEvent, insertInvoices } from "../dashboard/rows.ts";
import { type Json, ORIGIN, toWorker } from "../harness/api.ts";
import { ledgerSql } from "../harness/ledger-sql.ts";
import { createOpenInvoice, createTenantWorld, createWorld, type TestWorld } from "../harness/world.ts";
import { readCsv } from "./parse-csv.ts";

type World = Pick<TestWorld, "api" | "scope" | "keys">;

/** The bytes as they come: reading text would take the byte order mark away. */
async function download(world: World, path: string) {
  const headers = { authorization: `Bearer ${world.keys.read}` };
  const response = await toWorker(new Request(`${ORIGIN}/api/v1/exports/${path}`, { headers }));
  const bytes = new Uint8Array(await response.arrayBuffer());
  const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  return { status: response.status, headers: response.headers, text, rows: readCsv(text) };
}

async function pay(world: World, invoice: Json, reference: string, amount = 100): Promise<void> {
  const made = await world.api("POST", `/invoices/${invoice.id}/payments`, {
    amount,
    method: "cash",
    reference,
  });
  if (made.status !== 201) throw new Error(JSON.stringify(made.body));
}

test("a file is a download of the day, UTF-8 with a byte order mark, that no cache keeps", async () => {
  const world = await createTenantWorld();
  const file = await download(world, "payments.csv");
  expect(file.status).toBe(200);
  expect(file.headers.get("content-type")).toBe("text/csv; charset=utf-8");
  expect(file.headers.get("content-disposition")).toMatch(
    /^attachment; filename="payments-\d{4}-\d\d-\d\d\.csv"$/,
  );
  expect(file.headers.get("cache-control")).toBe("no-store");
  expect(file.text).toBe(
    "\uFEFFid,status,amount,amount_decimal,currency,amount_refunded,amount_refunded_decimal,disputed,invoice_id,customer_id,provider_payment_id,reference,payment_method_type,failure_code,failure_message,receipt_url,occurred_at,created_at,updated_at,source,checkout_session_id,subscription_id,subscription_invoice_id\r\n",
  );
});

test("payments are told as the API tells them, with what a payer wrote made harmless", async () => {
  const world = await createWorld();
  const invoice = await createOpenInvoice(world, { currency: "kwd" });
  await pay(world, invoice, '=HYPERLINK("https://evil.example")', 10_240);
  const [payment] = (await world.api("GET", "/payments")).body.data;
  const { rows } = await download(world, "payments.csv");
  expect(rows).toHaveLength(1);
  expect(rows[0]).toMatchObject({
    id: payment.id,
    amount: "10240",
    amount_decimal: "10.240",
    currency: "KWD",
    disputed: "false",
    provider_payment_id: "",
    reference: `'=HYPERLINK("https://evil.example")`,
    occurred_at: payment.occurred_at,
  });
});

test("invoices and webhook events are told as the API tells them", async () => {
  const world = await createWorld();
  const metadata = { note: "x;=1+1" };
  const invoice = await createOpenInvoice(world, { memo: "@SUM(A1)", metadata, number: "+49-1" });
  await insertEvent(world.scope, { id: "evt_1", status: "dead", invoiceId: invoice.id, error: "-2+3" });
  const [invoiceRow] = (await download(world, "invoices.csv")).rows;
  expect(invoiceRow).toMatchObject({
    id: invoice.id,
    number: "'+49-1",
    status: "open",
    amount_due: "12900",
    amount_due_decimal: "129.00",
    amount_remaining_decimal: "129.00",
    memo: "'@SUM(A1)",
    metadata: `{"note":"x;'=1+1"}`,
    created_at: invoice.created_at,
    paid_at: "",
  });
  const [eventRow] = (await download(world, "webhook_events.csv")).rows;
  expect(eventRow).toMatchObject({
    id: "whe_1",
    stripe_event_id: "evt_1",
    status: "dead",
    error: "'-2+3",
    deliveries: "1",
  });
});

test("a file of several pages has every row once, though all were made in one millisecond, and none of another environment", async () => {
  const [world, other] = [await createWorld(), await createWorld()];
  const [invoice, theirs] = [await createOpenInvoice(world), await createOpenInvoice(other)];
  await insertInvoices(world.scope, invoice.id, 650);
  await insertInvoices(other.scope, theirs.id, 30);
  const { rows } = await download(world, "invoices.csv");
  const expected = [invoice.id, ...Array.from({ length: 650 }, (_, index) => `inv_more_${index}`)];
  expect(rows.map((row) => row.id).sort()).toEqual(expected.sort());
  expect((await download(other, "invoices.csv")).rows).toHaveLength(31);
});

test("the list's own filters hold, and a period from one moment up to another", async () => {
  const world = await createWorld();
  const [one, two] = [await createOpenInvoice(world), await createOpenInvoice(world, { finalize: false })];
  await ledgerSql(world.scope)
    .prepare("UPDATE invoices SET created_at_ms = ? WHERE id = ?")
    .bind(Date.parse("2026-01-02T00:00:00Z"), one.id)
    .run();
  const idsOf = async (query: string) =>
    (await download(world, `invoices.csv${query}`)).rows.map((row) => row.id);
  expect(await idsOf("?status=draft")).toEqual([two.id]);
  expect(await idsOf(`?customer_id=${one.customer_id}`)).toEqual([one.id]);
  expect(await idsOf("?to=2026-01-02T00:00:00Z")).toEqual([]);
  expect(await idsOf("?from=2026-01-02T00:00:00Z&to=2026-01-02T00:00:00.001Z")).toEqual([one.id]);
  expect(await idsOf("?from=2026-01-03T00:00:00Z&created_after=2026-01-01T00:00:00Z")).toEqual([two.id]);

  await pay(world, one, "A");
  const [payment] = (await world.api("GET", "/payments")).body.data;
  const paymentsOf = async (query: string) => (await download(world, `payments.csv${query}`)).rows.length;
  expect(await paymentsOf(`?from=${payment.created_at}`)).toBe(1);
  expect(await paymentsOf(`?to=${payment.created_at}`)).toBe(0);
  expect(await paymentsOf("?status=failed")).toBe(0);
});

test.each([
  "payments.csv?limit=5",
  "invoices.csv?cursor=x",
  "webhook_events.csv?status=lost",
  "payments.csv?from=1",
])("%s is refused", async (path) => {
  const world = await createTenantWorld();
  const answer = await world.api("GET", `/exports/${path}`);
  expect([answer.status, answer.body.code]).toEqual([422, "validation_failed"]);
});

test("each list of the dashboard leads to its file, with the filters that are set", async () => {
  const world = await createWorld();
  const invoice = await createOpenInvoice(world);
  await insertEvent(world.scope, { id: "evt_9", status: "dead", invoiceId: invoice.id });
  const cookie = await signIn(world.keys.read);
  for (const [page, file, id] of [
    ["/dashboard/invoices?status=open", "/dashboard/exports/invoices.csv?status=open", invoice.id],
    ["/dashboard/payments?status=failed", "/dashboard/exports/payments.csv?status=failed", "id,status"],
    ["/dashboard/webhook-events?status=dead", "/dashboard/exports/webhook_events.csv?status=dead", "whe_9"],
  ] as const) {
    expect((await open(page, cookie)).html).toContain(`href="${file}"`);
    const answer = await open(file, cookie);
    expect([answer.status, answer.headers.get("content-type")]).toEqual([200, "text/csv; charset=utf-8"]);
    expect(answer.html).toContain(id);
  }
});

test("the overview shows the last 24 hours, in words and hour by hour", async () => {
  const world = await createWorld();
  const cookie = await signIn(world.keys.read);
  expect((await open("/dashboard", cookie)).html).toContain("Stripe has sent nothing in 24 hours.");
  await pay(world, await createOpenInvoice(world), "A");
  const { html } = await open("/dashboard", cookie);
  expect(html).toContain("Webhooks in 24 hours");
  expect(html).toMatch(/Collected in 7 days<\/span><span class="tile-value">€1\.00</);
  expect(html).not.toMatch(/ style=/);
});

test("times are written in the environment's time zone, with its offset", async () => {
  const world = await createWorld();
  const set = await world.api("PATCH", "/settings", { time_zone: "Europe/Berlin" });
  expect(set.body.time_zone).toBe("Europe/Berlin");
  const invoice = await createOpenInvoice(world, { due_at: "2026-12-01T00:00:00+01:00" });
  const { rows } = await download(world, "invoices.csv");
  expect(rows[0]).toMatchObject({ due_at: "2026-12-01T00:00:00.000+01:00", paid_at: "" });
  expect(Date.parse(rows[0]?.created_at ?? "")).toBe(Date.parse(invoice.created_at));
  expect((await world.api("GET", `/invoices/${invoice.id}`)).body.due_at).toBe("2026-11-30T23:00:00.000Z");
  expect((await world.api("PATCH", "/settings", { time_zone: null })).body.time_zone).toBe("UTC");
  expect((await download(world, "invoices.csv")).rows[0]?.due_at).toBe("2026-11-30T23:00:00.000Z");
});
