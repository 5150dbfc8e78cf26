// The one field finds whatever there is, by each of its names, and takes whatever is typed.

import { beforeAll, describe, expect, test } from "vitest";
import { makeObjects } from "../access-objects.ts";
import type { Ids } from "../access-table.ts";
import { ledgersAskedByPage } from "../harness/count-asked.ts";
import { ledgerSql } from "../harness/ledger-sql.ts";
import { sandbox } from "../harness/sandbox.ts";
import { createTenantWorld, createWorld, type TestWorld } from "../harness/world.ts";
import { createDraft, HOSTILE } from "./action-fixture.ts";
import { linksOf, open, type Page, signIn, textOf } from "./browse.ts";

const search = (text: string, cookie: string): Promise<Page> =>
  open(`/dashboard/search?q=${encodeURIComponent(text)}`, cookie);

describe("in an environment with one of each kind", () => {
  let world: TestWorld;
  let ids: Ids;
  let cookie: string;
  beforeAll(async () => {
    world = await createWorld();
    ids = await makeObjects(world);
    cookie = await signIn(world.keys.read);
  });

  const pageOf: [kind: keyof Ids, page: (ids: Ids) => string][] = [
    ["invoice", ({ invoice }) => `/invoices/${invoice}`],
    ["customer", ({ customer }) => `/customers/${customer}`],
    ["payment", ({ payment }) => `/payments/${payment}`],
    ["refund", ({ payment }) => `/payments/${payment}`],
    ["dispute", ({ dispute }) => `/disputes/${dispute}`],
    ["subscription", ({ subscription }) => `/subscriptions/${subscription}`],
    ["subscription_invoice", ({ subscription }) => `/subscriptions/${subscription}`],
    ["checkout_session", ({ checkout_session }) => `/checkout-sessions/${checkout_session}`],
    ["webhook_event", ({ webhook_event }) => `/webhook-events/${webhook_event}`],
    ["event_destination", ({ event_destination }) => `/event-destinations/${event_destination}`],
    ["delivery", ({ delivery }) => `/deliveries/${delivery}`],
    ["mail", ({ mail }) => `/mails/${mail}`],
  ];

  test.each(pageOf)("a %s is found by its id, whose whole leads to its page", async (kind, page) => {
    const found = await search(` ${ids[kind]} `, cookie);
    expect([kind, found.status, found.headers.get("location")]).toEqual([
      kind,
      303,
      `/dashboard${page(ids)}`,
    ]);
    expect((await open(`/dashboard${page(ids)}`, cookie)).status).toBe(200);
  });

  test("what Stripe has is found by Stripe's ids", async () => {
    const account = sandbox.accountFor(world.secretKey);
    const payment = (await world.api("GET", `/payments/${ids.payment}`)).body;
    const [charge] = Object.keys(account.charges);
    const [link] = Object.keys(account.paymentLinks);
    for (const [id, page] of [
      [payment.provider_payment_id, `/payments/${ids.payment}`],
      [charge ?? "", `/payments/${ids.payment}`],
      [link ?? "", `/invoices/${ids.invoice}`],
      [ids.dispute.replace("dsp_", "du_"), `/disputes/${ids.dispute}`],
      [ids.webhook_event.replace("whe_", "evt_"), `/webhook-events/${ids.webhook_event}`],
    ]) {
      const { status, headers, html } = await search(id, cookie);
      const leadsTo = status === 303 ? [headers.get("location")] : linksOf(html);
      expect([id, leadsTo]).toEqual([id, expect.arrayContaining([`/dashboard${page}`])]);
    }
  });

  test("emails are found by their address, and money of every kind by its amount", async () => {
    const byAddress = linksOf((await search("ADA@example.com", cookie)).html);
    expect(byAddress).toContain(`/dashboard/mails/${ids.mail}`);
    const byAmount = linksOf((await search("€1.00", cookie)).html);
    for (const page of [
      `/payments/${ids.payment}`,
      `/disputes/${ids.dispute}`,
      `/subscriptions/${ids.subscription}`,
    ])
      expect(byAmount).toContain(`/dashboard${page}`);
  });

  test("money that was recorded by hand is found by the reference that stands on the statement", async () => {
    const invoice = await createDraft(world, { finalize: true });
    const paid = { amount: 12_900, method: "bank_transfer", reference: "RF18 5390 0754" };
    const { body: payment } = await world.api("POST", `/invoices/${invoice.id}/payments`, paid);
    const back = { amount: 900, method: "bank_transfer", reference: "Back 17" };
    expect((await world.api("POST", `/payments/${payment.id}/refunds`, back)).status).toBe(201);
    for (const text of ["rf18 5390 0754", "Back 17"]) {
      const { status, headers } = await search(text, cookie);
      expect([text, status, headers.get("location")]).toEqual([
        text,
        303,
        `/dashboard/payments/${payment.id}`,
      ]);
    }
  });

  test("nobody else finds any of it", async () => {
    const stranger = await signIn((await createTenantWorld()).keys.admin);
    for (const text of [...Object.values(ids), "ada@example.com", "1.00"]) {
      const { status, html } = await search(text, stranger);
      expect([text, status]).toEqual([text, 200]);
      expect(textOf(html)).toContain("Nothing found");
    }
  });
});

test("whatever is typed is answered, and shown as text", async () => {
  const world = await createTenantWorld();
  await world.api("POST", "/customers", { name: `${HOSTILE} Ltd`, email: "ada@example.com" });
  const cookie = await signIn(world.keys.read);
  for (const text of [
    ...["", " ", "%", "_", "*", "'", '"', "\\", "`", "--", "?", "{}", "[", "💥", "\u{10ffff}", "ﷺ", "\u202e"],
    ...["1e309", "-1", "0.001", "1,2,3.4", "€", `€${"9".repeat(150)}`, "x".repeat(200), "9".repeat(200)],
    ...["dlv_", "dlv__", `dlv_${"z".repeat(50)}_zzzzzzzzzzz`, "whe_", "pi_", "@", "a@", "' OR 1=1 --"],
    ...["<script>", HOSTILE, "javascript:alert(1)", "../..", "{{7*7}}", "a\nb", "a\tb"],
  ]) {
    const { status, html } = await search(text, cookie);
    expect([text, status]).toEqual([text, 200]);
    expect(html).not.toMatch(/<script>alert|<img/);
  }
  // What no text can be is refused, in words.
  for (const raw of ["%00", "a%00b", "%ED%A0%80"])
    expect([200, 422]).toContain((await open(`/dashboard/search?q=${raw}`, cookie)).status);
});

test("a search looks at a bounded number of rows, however many there are, and shows ten of each kind", async () => {
  const world = await createTenantWorld();
  await ledgerSql(world.scope)
    .prepare(
      `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1200)
       INSERT INTO mails (id, invoice_id, kind, recipient, status, created_at_ms, updated_at_ms)
       SELECT 'mail_' || i, 'inv_1', 'invoice', CASE WHEN i <= 100 THEN 'old@example.com' ELSE 'new@example.com' END,
         'sent', i, i FROM n`,
    )
    .run();
  const cookie = await signIn(world.keys.read);
  const mails = async (address: string) =>
    new Set(linksOf((await search(address, cookie)).html).filter((link) => link.includes("/mails/")));
  expect((await mails("new@example.com")).size).toBe(10);
  expect((await mails("old@example.com")).size).toBe(0);
  const asked = await ledgersAskedByPage(async () => {
    await search("new@example.com", cookie);
  });
  expect(asked).toBe(1);
});
