// Whatever id, address or line of a log is pasted into the search leads to the page that shows what it names.

import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, test } from "vitest";
import { deliveryId } from "../../src/ledger/notifications/delivery-id.ts";
import { newPaymentToken } from "../../src/platform/payment-url.ts";
import { countAsked } from "../harness/count-asked.ts";
import { ledgerSql } from "../harness/ledger-sql.ts";
import { createTenantWorld, createWorld, type TestWorld } from "../harness/world.ts";
import { linksOf, open, type Page, signIn, textOf } from "./browse.ts";

const search = (text: string, cookie: string): Promise<Page> =>
  open(`/dashboard/search?q=${encodeURIComponent(text)}`, cookie);

const HEX = "0193f3c2a1b77000800000000000000a";
const AT = Date.parse("2026-11-20T10:00:00Z");
const LANE = { destinationId: `dest_${HEX}`, seq: AT * 1000 };

/** Rows with all the ids that Stripe, the platform and mail providers give. @param token of the invoice's own address */
const rowsOf = (token: string): string => `
  INSERT INTO customers (id, name, metadata, stripe_customer_id, sync_status, created_at_ms, updated_at_ms)
    VALUES ('acme', 'Acme', '{}', 'cus_Q7', 'synced', ${AT}, ${AT});
  INSERT INTO invoices (id, number, customer_id, currency, lines, amount_due_minor, status, payment_status, send_email,
      metadata, payment_token, created_at_ms, updated_at_ms)
    VALUES ('inv_${HEX}', 'A-7', 'acme', 'EUR', '[]', 4900, 'open', 'unpaid', 0, '{}', '${token}', ${AT}, ${AT});
  INSERT INTO payment_links (invoice_id, revision, status, stripe_payment_link_id, url, created_at_ms, updated_at_ms)
    VALUES ('inv_${HEX}', 1, 'active', 'plink_1Q7', 'https://buy.stripe.com/test_8wM3cv', ${AT}, ${AT});
  INSERT INTO payments (id, provider_payment_id, source, invoice_id, customer_id, amount_minor, currency, status, state_order,
      receipt_url, stripe_charge_id, checkout_session_id, occurred_at_ms, created_at_ms, updated_at_ms)
    VALUES ('pay_3Q7', 'pi_3Q7', 'invoice', 'inv_${HEX}', 'acme', 4900, 'EUR', 'succeeded', 0,
      'https://pay.stripe.com/receipts/payment/CAcaFwoVY2xl?s=ap', 'ch_3Q7', 'cs_test_link', ${AT}, ${AT}, ${AT}),
    ('pay_py_1Q8', 'py_1Q8', 'invoice', 'inv_${HEX}', 'acme', 4900, 'EUR', 'failed', 0, NULL, NULL, NULL, ${AT}, ${AT}, ${AT});
  INSERT INTO payments (id, provider_payment_id, source, subscription_id, subscription_invoice_id, amount_minor, currency,
      status, state_order, occurred_at_ms, created_at_ms, updated_at_ms)
    VALUES ('pay_3S7', 'pi_3S7', 'subscription', 'sub_1Q7', 'in_1Q7', 700, 'EUR', 'succeeded', 0, ${AT}, ${AT}, ${AT}),
    ('pay_3S8', 'pi_3S8', 'subscription', 'sub_far', 'in_far', 800, 'EUR', 'succeeded', 0, ${AT}, ${AT}, ${AT});
  INSERT INTO refunds (id, stripe_refund_id, payment_id, invoice_id, amount_minor, currency, status, state_order,
      occurred_at_ms, created_at_ms, updated_at_ms)
    VALUES ('ref_3Q7', 're_3Q7', 'pay_3Q7', 'inv_${HEX}', 100, 'EUR', 'succeeded', 0, ${AT}, ${AT}, ${AT}),
    ('ref_pyr_1Q7', 'pyr_1Q7', 'pay_3Q7', 'inv_${HEX}', 200, 'EUR', 'succeeded', 0, ${AT}, ${AT}, ${AT});
  INSERT INTO disputes (id, stripe_dispute_id, payment_id, amount_minor, currency, status, state_order, occurred_at_ms,
      created_at_ms, updated_at_ms)
    VALUES ('dsp_1Q7', 'du_1Q7', 'pay_3Q7', 4900, 'EUR', 'won', 0, ${AT}, ${AT}, ${AT}),
    ('dsp_dp_1Q7', 'dp_1Q7', 'pay_3Q7', 4900, 'EUR', 'lost', 0, ${AT}, ${AT}, ${AT});
  INSERT INTO subscriptions (id, stripe_customer_id, status, items, cancel_at_period_end, metadata, snapshot_at_ms, revision,
      created_at_ms, updated_at_ms)
    VALUES ('sub_1Q7', 'cus_other', 'active',
      '[{"subscriptionItemId":"si_Q7","priceId":"price_1Q7","productId":"prod_Q7"}]', 0, '{}', ${AT}, 1, ${AT}, ${AT});
  INSERT INTO subscription_invoices (id, subscription_id, number, status, currency, amount_due_minor, amount_paid_minor,
      amount_remaining_minor, attempt_count, hosted_invoice_url, snapshot_at_ms, created_at_ms, updated_at_ms)
    VALUES ('in_1Q7', 'sub_1Q7', 'QX-0007', 'paid', 'EUR', 700, 700, 0, 1,
      'https://invoice.stripe.com/i/acct_1Q7/test_YWNjdF8x?s=ap', ${AT}, ${AT}, ${AT});
  INSERT INTO checkout_sessions (id, mode, status, payment_status, client_reference_id, metadata, stripe_payment_intent_id,
      created_at_ms, updated_at_ms)
    VALUES ('cs_test_a1Q7', 'payment', 'complete', 'unpaid', 'Order 4711', '{}', 'pi_waits', ${AT}, ${AT});
  INSERT INTO webhook_events (seq, stripe_event_id, connection_id, type, livemode, status, source, delivery_ids, attempts,
      changes, created_at_ms, received_at_ms, updated_at_ms)
    VALUES (${AT * 1000}, 'evt_1Q7', 'conn_1', 'payment_intent.succeeded', 0, 'processed', 'webhook', '["dlv_${HEX}"]', 1,
      '[]', ${AT}, ${AT}, ${AT});
  INSERT INTO event_destinations (id, tenant_id, url, is_active, created_at_ms, updated_at_ms)
    VALUES ('dest_${HEX}', 'tenant', 'https://hooks.example/in/7?token=x', 0, ${AT}, ${AT});
  INSERT INTO deliveries (destination_id, seq, type, message_key, message_id, status, attempts, step, created_at_ms,
      updated_at_ms, log)
    VALUES ('dest_${HEX}', ${LANE.seq}, 'invoice.paid', 'inv_${HEX}', 'msg_${HEX}', 'failed', 9, 9, ${AT}, ${AT}, '[]');
  INSERT INTO mails (id, invoice_id, kind, recipient, status, subject, provider, provider_message_id, created_at_ms,
      updated_at_ms)
    VALUES ('inv_${HEX}/link/1', 'inv_${HEX}', 'invoice', 'ada@example.com', 'sent', 'Invoice', 'resend',
      '49a3999c-0ce1-4ea6-ab68-afcd6dc2e794', ${AT}, ${AT});
  INSERT INTO outbox (id, kind, subject, status, created_at_ms, updated_at_ms)
    VALUES ('create_payment_link/inv_${HEX}/1', 'create_payment_link', '{}', 'dead', ${AT}, ${AT});
  INSERT INTO audit_log (id, tenant_id, actor_kind, action, object, object_id, detail, created_at_ms)
    VALUES ('aud_${HEX}', 'tenant', 'api_key', 'invoice.finalized', 'invoice', 'inv_${HEX}', '{}', ${AT})`;

describe("in an environment with all of them", () => {
  let world: TestWorld;
  let token: string;
  let cookie: string;
  beforeAll(async () => {
    world = await createWorld();
    token = newPaymentToken(world.scope.environmentId, AT);
    const sql = ledgerSql(world.scope);
    await sql.batch(
      rowsOf(token)
        .split(/;\n/)
        .map((row) => sql.prepare(row)),
    );
    await env.DB.prepare("UPDATE connections SET webhook_endpoint_id = 'we_1Q7' WHERE id = ?")
      .bind(world.connectionId)
      .run();
    cookie = await signIn(world.keys.admin);
  });

  const invoice = `/invoices/inv_${HEX}`;
  const delivery = `/deliveries/${deliveryId(LANE)}`;
  const mail = `/mails/${encodeURIComponent(`inv_${HEX}/link/1`)}`;
  const day = "2026-11-20T10%3A00%3A00";
  const audit = `/audit-log?object_id=inv_${HEX}&created_after=${day}.000Z&created_before=${day}.001Z`;
  const KINDS: readonly [pasted: string | (() => string), page: string][] = [
    [`inv_${HEX}`, invoice],
    ["plink_1Q7", invoice],
    [() => token, invoice],
    ["acme", "/customers/acme"],
    ["cus_Q7", "/customers/acme"],
    ["cus_other", "/subscriptions/sub_1Q7"],
    ["pay_3Q7", "/payments/pay_3Q7"],
    ["pi_3Q7", "/payments/pay_3Q7"],
    ["ch_3Q7", "/payments/pay_3Q7"],
    ["cs_test_link", "/payments/pay_3Q7"],
    ["py_1Q8", "/payments/pay_py_1Q8"],
    ["ref_3Q7", "/payments/pay_3Q7"],
    ["re_3Q7", "/payments/pay_3Q7"],
    ["pyr_1Q7", "/payments/pay_3Q7"],
    ["dsp_1Q7", "/disputes/dsp_1Q7"],
    ["du_1Q7", "/disputes/dsp_1Q7"],
    ["dp_1Q7", "/disputes/dsp_dp_1Q7"],
    ["sub_1Q7", "/subscriptions/sub_1Q7"],
    ["si_Q7", "/subscriptions/sub_1Q7"],
    ["price_1Q7", "/subscriptions/sub_1Q7"],
    ["prod_Q7", "/subscriptions/sub_1Q7"],
    ["in_1Q7", "/subscriptions/sub_1Q7"],
    // Of a subscription that is not mirrored.
    ["sub_far", "/payments/pay_3S8"],
    ["in_far", "/payments/pay_3S8"],
    ["cs_test_a1Q7", "/checkout-sessions/cs_test_a1Q7"],
    ["Order 4711", "/checkout-sessions/cs_test_a1Q7"],
    ["pi_waits", "/checkout-sessions/cs_test_a1Q7"],
    ["evt_1Q7", "/webhook-events/whe_1Q7"],
    ["whe_1Q7", "/webhook-events/whe_1Q7"],
    [`dlv_${HEX}`, "/webhook-events/whe_1Q7"],
    [`dest_${HEX}`, `/event-destinations/dest_${HEX}`],
    [deliveryId(LANE), delivery],
    [`msg_${HEX}`, delivery],
    [`inv_${HEX}/link/1`, mail],
    ["49a3999c-0ce1-4ea6-ab68-afcd6dc2e794", mail],
    [`create_payment_link/inv_${HEX}/1`, "/stuck-jobs"],
    [`aud_${HEX}`, audit],
    [() => world.connectionId, "/connections"],
    [() => world.accountId, "/connections"],
    ["we_1Q7", "/connections"],
    // In whatever case, where it means nothing.
    [`INV_${HEX.toUpperCase()}`, invoice],
    [`MSG_${HEX.toUpperCase()}`, delivery],
    ["49A3999C-0CE1-4EA6-AB68-AFCD6DC2E794", mail],
    ["order 4711", "/checkout-sessions/cs_test_a1Q7"],
    // Addresses of ours.
    [() => `https://pay.acme.example/pay/${token}`, invoice],
    [`https://quittance.example/dashboard/invoices/inv_${HEX}?done=x#top`, invoice],
    ["quittance.example/dashboard/customers/acme", "/customers/acme"],
    [`https://quittance.example/dashboard${mail}`, mail],
    [`https://quittance.example/api/v1/invoices/inv_${HEX}/timeline`, invoice],
    ["https://quittance.example/dashboard/webhook-events?object_id=pi_3Q7", "/payments/pay_3Q7"],
    // Addresses of Stripe's.
    ["https://dashboard.stripe.com/acct_1Q7/test/payments/pi_3Q7", "/payments/pay_3Q7"],
    ["dashboard.stripe.com/test/subscriptions/sub_1Q7", "/subscriptions/sub_1Q7"],
    ["https://dashboard.stripe.com/test/workbench/events/evt_1Q7", "/webhook-events/whe_1Q7"],
    [() => `https://dashboard.stripe.com/${world.accountId}/test/dashboard`, "/connections"],
    ["https://buy.stripe.com/test_8wM3cv?prefilled_email=ada%40example.com", invoice],
    [
      `https://checkout.stripe.com/c/pay/cs_test_a1Q7#${"fid".repeat(300)}`,
      "/checkout-sessions/cs_test_a1Q7",
    ],
    ["https://pay.stripe.com/receipts/payment/CAcaFwoVY2xl?s=em", "/payments/pay_3Q7"],
    ["https://invoice.stripe.com/i/acct_1Q7/test_YWNjdF8x?s=em", "/subscriptions/sub_1Q7"],
    ["https://hooks.example/in/7", `/event-destinations/dest_${HEX}`],
    // Lines of a log, of headers, of JSON.
    [`webhook-id: msg_${HEX}`, delivery],
    ['"id": "pi_3Q7",', "/payments/pay_3Q7"],
    [`{"level":"info","trace":"dlv_${HEX}"}`, "/webhook-events/whe_1Q7"],
    ["<49a3999c-0ce1-4ea6-ab68-afcd6dc2e794>", mail],
  ];

  test.each(KINDS)("%s leads to its page", async (pasted, page) => {
    const text = typeof pasted === "string" ? pasted : pasted();
    const { status, headers } = await search(` ${text}\t`, cookie);
    expect([text, status, headers.get("location")]).toEqual([text, 303, `/dashboard${page}`]);
  });

  test("the pages that they lead to are there", async () => {
    for (const page of new Set(KINDS.map(([, page]) => page)))
      expect([page, (await open(`/dashboard${page}`, cookie)).status]).toEqual([page, 200]);
  });

  test("API keys are found by who may see them, and entries of the logs by admins", async () => {
    const [key] = (await world.api("GET", "/api/v1/api_keys")).body.data;
    const found = await search(key.id.toUpperCase(), cookie);
    const inList = `/dashboard/api-keys?id=${key.id}`;
    expect(found.headers.get("location")).toBe(inList);
    expect(textOf((await open(inList, cookie)).html)).toContain(key.name);
    const noted = (await world.api("GET", "/audit_log?action=connection.created")).body.data;
    const secured = (await world.api("GET", "/security_log")).body.data;
    const reader = await signIn(world.keys.read);
    for (const { id } of [...noted, secured[0]]) {
      const { headers } = await search(id, cookie);
      expect([id, headers.get("location")]).toEqual([
        id,
        expect.stringMatching(/\/(?:audit|security)-log\?/),
      ]);
      expect((await open(headers.get("location") ?? "", cookie)).status).toBe(200);
      expect([id, (await search(id, reader)).status]).toEqual([id, 200]);
    }
    for (const id of [key.id, `aud_${HEX}`])
      expect(textOf((await search(id, reader)).html)).toContain("Nothing found");
  });

  test("nobody else finds any of it", async () => {
    const stranger = await signIn((await createTenantWorld()).keys.admin);
    for (const [pasted] of KINDS) {
      const text = typeof pasted === "string" ? pasted : pasted();
      const { status, html } = await search(text, stranger);
      expect([text, status, textOf(html).includes("Nothing found")]).toEqual([text, 200, true]);
    }
  });

  test("the ledger is asked once, whatever is pasted", async () => {
    for (const text of [`msg_${HEX}`, "https://buy.stripe.com/test_8wM3cv", world.connectionId]) {
      const asked = await countAsked(async () => {
        await search(text, cookie);
      });
      expect([text, asked.ledgers]).toEqual([text, 1]);
    }
  });
});

test("what is found nowhere is said, with what can be searched and where else it may be", async () => {
  const world = await createTenantWorld();
  const cookie = await signIn(world.keys.read);
  const missed = await search("txn_1Q7abc", cookie);
  expect(textOf(missed.html)).toContain("an invoice number, the beginning of a name or an email");
  expect(linksOf(missed.html)).toEqual(
    expect.arrayContaining([
      "https://dashboard.stripe.com/test/search?query=txn_1Q7abc",
      "/dashboard/webhook-events?object_id=txn_1Q7abc",
    ]),
  );
  expect(textOf((await search(`req_${HEX}`, cookie)).html)).toContain("is in the log of this installation");
  expect(textOf((await search(`msg_test_${HEX}`, cookie)).html)).toContain("is kept nowhere");
});

test("a secret that is pasted is neither looked for nor shown", async () => {
  const cookie = await signIn((await createTenantWorld()).keys.read);
  for (const secret of [
    "sk_live_abcdefghijkl",
    "rk_test_abcdefghijkl",
    "whsec_abcdefghijkl",
    "qt_abcdefghijkl",
  ]) {
    const { status, html } = await search(` ${secret} `, cookie);
    expect([secret, status, html.includes("abcdefghijkl")]).toEqual([secret, 200, false]);
    expect(textOf(html)).toContain("That is a secret");
  }
});
