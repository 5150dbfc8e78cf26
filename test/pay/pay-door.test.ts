// The door behind payment URLs: who is let in, what it costs, and what leaves with the answer.

import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, test, vi } from "vitest";
import { addPaymentTokens } from "../../migrations/ledger/0007_payment_tokens.ts";
import { ledgerName } from "../../src/ledger/client.ts";
import { finalizeInvoice } from "../../src/ledger/invoices/finalize-invoice.ts";
import { findPaymentPage } from "../../src/ledger/invoices/find-payment-page.ts";
import type { Ledger } from "../../src/ledger/ledger.ts";
import { newPaymentToken, paymentCode } from "../../src/platform/payment-url.ts";
import { ORIGIN, root } from "../harness/api.ts";
import { callWith, fakeLimiter } from "../harness/call-with.ts";
import { guardedDatabase } from "../harness/guarded-database.ts";
import { guardedLedgers } from "../harness/guarded-ledgers.ts";
import { inLedger } from "../harness/in-ledger.ts";
import { createOpenInvoice, createPayableInvoice, createTenantWorld, createWorld } from "../harness/world.ts";
import { createDraft } from "../invoices/invoice-fixture.ts";
import { strangeUrl, visit, visitUrl } from "./pay-fixture.ts";

const FREE = { lines: [{ description: "Free", quantity: 1, unit_amount: 0 }] };
// As many as before there were such addresses.
const WRITTEN = 6;

const pathOf = (url: string) => url.slice(ORIGIN.length);

/** Bindings that note what was looked up. */
function noting() {
  const asked: string[] = [];
  const note = (what: string) => {
    return async <T>(run: () => Promise<T>) => {
      asked.push(what);
      return run();
    };
  };
  return { asked, DB: guardedDatabase(note("directory")), LEDGER: guardedLedgers(note("ledger")) };
}

test("every finalised invoice has an address, also one that no link was made for; a draft has none", async () => {
  const world = await createWorld();
  const draft = await createDraft(world);
  expect(draft.payment_url).toBeNull();
  const open = (await world.api("POST", `/invoices/${draft.id}/finalize`)).body;
  expect(open.payment_url).toMatch(/^https:\/\/quittance\.test\/pay\/[0-9A-Za-z]{39}$/);
  const read = (await world.api("GET", `/invoices/${draft.id}`)).body;
  const [listed] = (await world.api("GET", "/invoices")).body.data;
  expect([read.payment_url, listed.payment_url]).toEqual([open.payment_url, open.payment_url]);
  const token = open.payment_url.split("/").at(-1);
  for (const known of [draft.id, draft.number, draft.customer_id, world.scope.environmentId])
    expect(token).not.toContain(known);
});

test("finalising writes no row more for it", async () => {
  const world = await createTenantWorld();
  const { id } = await createDraft(world, FREE);
  const { rows } = await inLedger(world.scope, (book) => finalizeInvoice(book, { id }));
  expect(rows.written).toBe(WRITTEN);
});

test("no page is kept, indexed, framed or run, and Stripe is not told where the payer came from", async () => {
  const world = await createWorld();
  const invoice = await createPayableInvoice(world);
  await world.api("POST", `/invoices/${invoice.id}/void`);
  const open = await createPayableInvoice(world);
  for (const url of [invoice.payment_url, open.payment_url, strangeUrl(open), `${ORIGIN}/pay/nonsense`]) {
    const { headers, html } = await visitUrl(url);
    expect(headers.get("cache-control")).toBe("no-store");
    expect(headers.get("x-robots-tag")).toBe("noindex");
    expect(headers.get("referrer-policy")).toBe("no-referrer");
    expect(headers.get("x-frame-options")).toBe("DENY");
    const policy = headers.get("content-security-policy") ?? "";
    const nonce = /style-src 'nonce-([^']+)'/.exec(policy)?.[1];
    expect(policy).toMatch(
      /^default-src 'none'; style-src 'nonce-[^']+'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'$/,
    );
    expect(html).not.toMatch(/<script|<img|<form|<iframe|style="|\son\w+="/);
    if (html !== "") expect(html).toContain(`<style nonce="${nonce}">`);
  }
});

test("HEAD is answered as GET is, without a body", async () => {
  const world = await createWorld();
  const invoice = await createPayableInvoice(world);
  const voided = await createPayableInvoice(world);
  await world.api("POST", `/invoices/${voided.id}/void`);
  for (const url of [invoice.payment_url, voided.payment_url, strangeUrl(invoice)]) {
    const [get, head] = [await visitUrl(url), await visitUrl(url, {}, "HEAD")];
    expect([head.status, head.location, head.html]).toEqual([get.status, get.location, ""]);
    expect(head.headers.get("content-type")).toBe(get.headers.get("content-type"));
  }
});

test("what cannot be a token costs no look-up; an unknown one costs one in each place, and is a page", async () => {
  const world = await createTenantWorld();
  const invoice = await createOpenInvoice(world, FREE);
  const { asked, ...bindings } = noting();
  const get = async (url: string) => {
    asked.length = 0;
    const { status, body } = await callWith(bindings, "GET", pathOf(url));
    return [status, String(body).includes("There is no invoice here"), ...asked];
  };
  for (const token of ["x", "%00", "..%2f..%2fetc", "a".repeat(38), "a".repeat(40), `${"a".repeat(38)}-`])
    expect([token, ...(await get(`${ORIGIN}/pay/${token}`))]).toEqual([token, 404, true]);
  expect(await get(`${ORIGIN}/pay/${newPaymentToken("env_nobody", Date.now())}`)).toEqual([
    404,
    true,
    "directory",
  ]);
  expect(await get(strangeUrl(invoice))).toEqual([404, true, "directory", "ledger"]);
  // The moment alone is no key.
  const { rows } = await inLedger(world.scope, (book) =>
    findPaymentPage(book, { token: newPaymentToken(world.scope.environmentId, 1) }),
  );
  expect(rows.read).toBeLessThanOrEqual(1);
  expect(await get(invoice.payment_url)).toEqual([200, false, "directory", "ledger"]);
});

test("a token leads into its own environment alone", async () => {
  const [ours, theirs] = [await createTenantWorld(), await createTenantWorld()];
  const invoice = await createOpenInvoice(ours, FREE);
  await createOpenInvoice(theirs, FREE);
  const token: string = invoice.payment_url.split("/").at(-1);
  const code = paymentCode(theirs.scope.environmentId);
  expect((await visit(invoice)).status).toBe(200);
  expect((await visitUrl(`${ORIGIN}/pay/${code}${token.slice(9)}`)).status).toBe(404);
  // Should theirs hold ours word for word, their address would still be another.
  const found = await inLedger(theirs.scope, (book) => findPaymentPage(book, { token }));
  expect(found.value).toBeNull();
});

test("an environment that was erased, and one that never was, are one and the same to a payer", async () => {
  const world = await createTenantWorld();
  const invoice = await createOpenInvoice(world, FREE);
  const path = `/tenants/${world.scope.tenantId}/environments/${world.scope.environmentId}`;
  expect((await root("DELETE", path, { confirm: "test" })).status).toBe(200);
  const [erased, never] = [await visit(invoice), await visitUrl(strangeUrl(invoice, 0))];
  expect([erased.status, erased.text]).toEqual([404, never.text]);
});

test("an environment that was there before addresses were is found at the first look", async () => {
  const world = await createTenantWorld();
  const invoice = await createOpenInvoice(world, FREE);
  const update = env.DB.prepare("UPDATE environments SET payment_code = NULL");
  await update.run();
  expect((await visit(invoice)).status).toBe(200);
  const { asked, ...bindings } = noting();
  expect((await callWith(bindings, "GET", pathOf(invoice.payment_url))).status).toBe(200);
  expect(asked).toEqual(["directory", "ledger"]);
});

test("a ledger of before has addresses for what was finalised, and none for drafts", async () => {
  const world = await createTenantWorld();
  const [paid, draft] = [await createOpenInvoice(world, FREE), await createDraft(world)];
  await inLedger(world.scope, ({ sql }) => sql.run("ALTER TABLE invoices DROP COLUMN payment_token"));
  const stub = env.LEDGER.getByName(ledgerName(world.scope));
  await runInDurableObject(stub, (_: Ledger, { storage }) =>
    storage.transactionSync(() => addPaymentTokens(storage.sql)),
  );
  const now = (await world.api("GET", `/invoices/${paid.id}`)).body;
  expect(now.payment_url).toMatch(/\/pay\/[0-9A-Za-z]{39}$/);
  expect((await visit(now)).text).toContain(paid.number);
  expect((await world.api("GET", `/invoices/${draft.id}`)).body.payment_url).toBeNull();
});

test("who comes too often gets a page that says so, and others do not", async () => {
  const world = await createTenantWorld();
  const invoice = await createOpenInvoice(world, FREE);
  const bindings = { PAY_LIMIT: fakeLimiter(1) };
  const get = (ip: string) => callWith(bindings, "GET", pathOf(invoice.payment_url), { ip });
  expect((await get("192.0.2.60")).status).toBe(200);
  const refused = await get("192.0.2.60");
  expect([refused.status, refused.headers.get("retry-after")]).toEqual([429, "60"]);
  expect(refused.headers.get("content-type")).toMatch("text/html");
  expect(String(refused.body)).toContain("That was too often");
  expect((await get("192.0.2.61")).status).toBe(200);
  expect(bindings.PAY_LIMIT.keys).toEqual(["192.0.2.60", "192.0.2.60", "192.0.2.61"]);
});

test("an address that tries unknown tokens is soon refused without a look-up", async () => {
  const { asked, ...bindings } = noting();
  const guess = () => `/pay/${newPaymentToken("env_nobody", Date.now())}`;
  const statuses: number[] = [];
  for (let tried = 0; tried < 100; tried++)
    statuses.push(
      (await callWith({ ...bindings, REFUSED_LIMIT: fakeLimiter(0) }, "GET", guess(), { ip: "192.0.2.62" }))
        .status,
    );
  expect(new Set(statuses)).toEqual(new Set([429]));
  expect(asked.length).toBeLessThan(50);
});

test("a ledger or directory that does not answer is a page that says so, and may be tried again", async () => {
  const world = await createTenantWorld();
  const invoice = await createOpenInvoice(world, FREE);
  const down = async () => Promise.reject(new Error("down"));
  for (const bindings of [{ DB: guardedDatabase(down) }, { LEDGER: guardedLedgers(down) }]) {
    const answer = await callWith(bindings, "GET", pathOf(invoice.payment_url));
    expect(answer.status).toBe(503);
    expect(String(answer.body)).toContain("Nothing was charged");
  }
});

test("the address is made of PUBLIC_URL and never of the name under which a request came", async () => {
  const world = await createTenantWorld();
  const invoice = await createOpenInvoice(world, FREE);
  const asked = { key: world.keys.read, origin: "https://evil.example" };
  const path = `/api/v1/invoices/${invoice.id}`;
  const told = await callWith({ PUBLIC_URL: "https://billing.example" }, "GET", path, asked);
  expect(told.body.payment_url).toMatch(/^https:\/\/billing\.example\/pay\//);
  const untold = await callWith({ PUBLIC_URL: undefined }, "GET", path, asked);
  expect([untold.status, untold.body.code]).toEqual([503, "not_configured"]);
});

test("no log line holds an address: whoever has it is let in", async () => {
  const world = await createTenantWorld();
  const invoice = await createOpenInvoice(world, FREE);
  const logged = vi.spyOn(console, "log").mockImplementation(() => {});
  await visit(invoice);
  const text = logged.mock.calls.join("\n");
  logged.mockRestore();
  expect(text).toContain('"path":"/pay/…"');
  expect(text).not.toContain(invoice.payment_url.split("/").at(-1));
});
