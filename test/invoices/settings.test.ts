import { expect, test } from "vitest";
import { call } from "../harness/api.ts";
import { ledgerSql } from "../harness/ledger-sql.ts";
import { createTenantWorld, createWorld } from "../harness/world.ts";
import { createDraft, createLinkedInvoice, linkAtStripe, linksAtStripe } from "./invoice-fixture.ts";

test("an environment begins with defaults that ask nothing of Stripe but its own", async () => {
  const world = await createTenantWorld();
  const { status, body } = await world.api("GET", "/settings");
  expect(status).toBe(200);
  expect(body).toMatchObject({
    object: "settings",
    environment_id: world.scope.environmentId,
    success_message: null,
    success_redirect_url: null,
    payment_method_types: null,
    allow_promotion_codes: false,
    automatic_tax: false,
    tax_id_collection: false,
    billing_address_collection: "auto",
    customer_creation: "if_required",
    statement_descriptor: null,
    locale: null,
    time_zone: "UTC",
    send_email: "always",
    send_receipts: false,
    email_from_name: null,
    email_reply_to: null,
  });
});

test("every option reaches the link that Stripe makes", async () => {
  const world = await createWorld();
  await world.api("PATCH", "/settings", {
    success_message: "Merci for {number}!",
    payment_method_types: ["card", "sepa_debit"],
    allow_promotion_codes: true,
    automatic_tax: true,
    tax_id_collection: true,
    billing_address_collection: "required",
    customer_creation: "always",
    statement_descriptor: "ACME INVOICE",
  });
  const invoice = await createLinkedInvoice(world, { number: "2026-7" });
  const link = linkAtStripe(world, invoice.payment_link.id);
  expect(link).toMatchObject({
    after_completion: {
      type: "hosted_confirmation",
      hosted_confirmation: { custom_message: "Merci for 2026-7!" },
    },
    payment_method_types: ["card", "sepa_debit"],
    allow_promotion_codes: true,
    automatic_tax: { enabled: true },
    tax_id_collection: { enabled: true },
    billing_address_collection: "required",
    customer_creation: "always",
    payment_intent_data: { statement_descriptor: null, statement_descriptor_suffix: "ACME INVOICE" },
  });
});

test("a redirect takes the place of the success page, and a link without cards has a whole descriptor", async () => {
  const world = await createWorld();
  await world.api("PATCH", "/settings", {
    success_redirect_url: "https://shop.example/thanks?session={CHECKOUT_SESSION_ID}",
    payment_method_types: ["sepa_debit"],
    statement_descriptor: "ACME INVOICE",
  });
  const invoice = await createLinkedInvoice(world);
  expect(linkAtStripe(world, invoice.payment_link.id)).toMatchObject({
    after_completion: {
      type: "redirect",
      redirect: { url: "https://shop.example/thanks?session={CHECKOUT_SESSION_ID}" },
    },
    payment_intent_data: { statement_descriptor: "ACME INVOICE", statement_descriptor_suffix: null },
  });
});

test("without options a link is asked for with Stripe's own defaults", async () => {
  const world = await createWorld();
  await createLinkedInvoice(world);
  expect(linksAtStripe(world)).toMatchObject([
    {
      allow_promotion_codes: false,
      automatic_tax: { enabled: false },
      tax_id_collection: { enabled: false },
      billing_address_collection: "auto",
      customer_creation: "if_required",
      payment_method_types: null,
    },
  ]);
});

test("a change names some options and leaves the others; null sets one back to its default", async () => {
  const world = await createTenantWorld();
  await world.api("PATCH", "/settings", { locale: "de", send_receipts: true, send_email: "when_asked" });
  const changed = await world.api("PATCH", "/settings", { locale: "fr", send_email: null });
  expect(changed.body).toMatchObject({ locale: "fr", send_receipts: true, send_email: "always" });
  expect((await world.api("GET", "/settings")).body).toEqual(changed.body);
});

test("two changes at the same moment both stand", async () => {
  const world = await createTenantWorld();
  const changes = [
    { locale: "de" },
    { send_receipts: true },
    { automatic_tax: true },
    { email_from_name: "A" },
  ];
  await Promise.all(changes.map((change) => world.api("PATCH", "/settings", change)));
  expect((await world.api("GET", "/settings")).body).toMatchObject(Object.assign({}, ...changes));
});

for (const [name, value] of [
  ["statement_descriptor", "ABCD"],
  ["statement_descriptor", "A".repeat(23)],
  ["statement_descriptor", "12345"],
  ["statement_descriptor", "ACME <CO>"],
  ["statement_descriptor", "ACME * CO"],
  ["statement_descriptor", "ACME 'S"],
  ["statement_descriptor", "ACME\\CO"],
  ["statement_descriptor", "Zażółć gęś"],
  ["success_redirect_url", "javascript:alert(1)"],
  ["success_redirect_url", "http://shop.example/"],
  ["success_redirect_url", "https://me:secret@shop.example/"],
  ["payment_method_types", ["crad"]],
  ["payment_method_types", []],
  ["payment_method_types", ["card", "card"]],
  ["locale", "klingon"],
  ["time_zone", "Europe/Nowhere"],
  ["time_zone", "+01:00"],
  ["time_zone", ""],
  ["email_reply_to", "not an address"],
  ["email_from_name", 'Evil" <x@example.com>'],
  ["email_from_name", "Two\r\nBcc: x@example.com"],
  ["send_email", "sometimes"],
  ["no_such_option", true],
] as const) {
  test(`${name} ${JSON.stringify(value)} is refused, and nothing is changed`, async () => {
    const world = await createTenantWorld();
    const refused = await world.api("PATCH", "/settings", { locale: "de", [name]: value });
    expect(refused.status).toBe(422);
    expect(refused.body.errors[0].path).toContain(name);
    expect((await world.api("GET", "/settings")).body.locale).toBeNull();
  });
}

test("only an admin key changes options, any key reads them, and each sees its own environment's", async () => {
  const [world, other] = [await createTenantWorld(), await createTenantWorld()];
  for (const role of ["write", "read"] as const) {
    const refused = await call("PATCH", "/settings", { key: world.keys[role], body: { locale: "de" } });
    expect(refused.status).toBe(403);
    expect((await call("GET", "/settings", { key: world.keys[role] })).status).toBe(200);
  }
  await world.api("PATCH", "/settings", { locale: "de" });
  expect((await other.api("GET", "/settings")).body.locale).toBeNull();
  const { data } = (await world.api("GET", "/audit_log?limit=100")).body;
  expect(data.filter((entry: { action: string }) => entry.action === "settings.updated")).toHaveLength(1);
});

test("an option that was stored by another version and is not taken any more is passed over", async () => {
  const world = await createTenantWorld();
  await ledgerSql(world.scope)
    .prepare("UPDATE environment SET settings = ?")
    .bind(JSON.stringify({ locale: "tlh", send_receipts: true, gone: 1 }))
    .run();
  expect((await world.api("GET", "/settings")).body).toMatchObject({ locale: null, send_receipts: true });
});

test("an invoice that does not say whether to mail does as the environment says; one that says so wins", async () => {
  const world = await createWorld();
  const draft = (fields = {}) => createDraft(world, { send_email: undefined, ...fields });
  expect((await draft()).send_email).toBe(true);
  expect((await draft({ send_email: false })).send_email).toBe(false);
  await world.api("PATCH", "/settings", { send_email: "when_asked" });
  expect((await draft()).send_email).toBe(false);
  expect((await draft({ send_email: true })).send_email).toBe(true);
});

test("a message of any length and any number is cut between characters, and its link is made", async () => {
  const world = await createWorld();
  const success_message = `${"{number}".repeat(4)}${"a".repeat(99)}😀`;
  expect((await world.api("PATCH", "/settings", { success_message })).status).toBe(200);
  const invoice = await createLinkedInvoice(world, { number: "9".repeat(100) });
  const { after_completion } = linkAtStripe(world, invoice.payment_link.id);
  const shown = after_completion.hosted_confirmation?.custom_message ?? "";
  expect(shown).toBe(`${"9".repeat(400)}${"a".repeat(99)}😀`);
});
