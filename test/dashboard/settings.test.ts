// Settings in the dashboard: every option of the API, what is wrong at its field, and beside them what a payer sees.

import { expect, test } from "vitest";
import { settingsFields } from "../../src/dashboard/settings-form.ts";
import { DEFAULT_SETTINGS } from "../../src/platform/environment-settings.ts";
import { createTenantWorld } from "../harness/world.ts";
import { HOSTILE } from "./action-fixture.ts";
import { open, send, signIn, textOf } from "./browse.ts";

const PAGE = "/dashboard/settings";
const AS_IT_IS = settingsFields(DEFAULT_SETTINGS);

async function world() {
  const made = await createTenantWorld();
  const settings = async () => (await made.api("GET", "/settings")).body;
  return { ...made, settings, cookie: await signIn(made.keys.admin) };
}

test("every option that the API has is on the page, and saved by it", async () => {
  const { cookie, settings } = await world();
  const page = await open(PAGE, cookie);
  expect(page.status).toBe(200);
  for (const name of Object.keys(AS_IT_IS))
    expect([name, page.html.includes(`name="${name}"`)]).toEqual([name, true]);
  // Whose word stands on a field is told once, at the first of them.
  for (const name of Object.keys(AS_IT_IS).filter((one) => !/^owner_(?!name)/.test(one)))
    expect([name, page.html.includes(`id="${name}-help"`)]).toEqual([name, true]);
  const saved = await send(
    PAGE,
    {
      success_message: "Thanks! {number} is paid.",
      success_redirect_url: "",
      allowed_origins: "https://app.example.com\nhttps://shop.example.com",
      payment_method_types: "card, sepa_debit",
      allow_promotion_codes: "on",
      tax_id_collection: "on",
      billing_address_collection: "required",
      customer_creation: "always",
      statement_descriptor: "ACME GMBH",
      locale: "de",
      replace_switched_off_links: "on",
      link_customers_by_email: "on",
      owner_name: "ours",
      owner_email: "theirs",
      owner_phone: "latest",
      owner_address: "latest",
      owner_metadata: "latest",
      time_zone: "Europe/Berlin",
      send_email: "when_asked",
      before_days: "3",
      after_days: "1, 7, 14",
      send_receipts: "on",
      email_from_name: "Acme GmbH",
      email_reply_to: "billing@acme.example",
    },
    { cookie },
  );
  expect([saved.status, saved.headers.get("location")]).toEqual([303, `${PAGE}?done=settings_saved`]);
  expect(await settings()).toMatchObject({
    success_message: "Thanks! {number} is paid.",
    success_redirect_url: null,
    allowed_origins: ["https://app.example.com", "https://shop.example.com"],
    payment_method_types: ["card", "sepa_debit"],
    allow_promotion_codes: true,
    automatic_tax: false,
    tax_id_collection: true,
    billing_address_collection: "required",
    customer_creation: "always",
    statement_descriptor: "ACME GMBH",
    locale: "de",
    replace_switched_off_links: true,
    link_customers_by_email: true,
    customer_field_owner: { name: "ours", email: "theirs", phone: "latest" },
    time_zone: "Europe/Berlin",
    send_email: "when_asked",
    reminders: { before_days: [3], after_days: [1, 7, 14] },
    send_receipts: true,
    email_from_name: "Acme GmbH",
    email_reply_to: "billing@acme.example",
  });
  const shown = textOf((await open(PAGE, cookie)).html);
  for (const words of ["Thanks! INV-2X7KQ4M8 is paid.", "No email is sent here.", "1, 7, 14 days after"])
    expect(shown).toContain(words);
});

test("only what was changed is changed, and the audit log names it", async () => {
  const { api, cookie } = await world();
  await send(PAGE, { ...AS_IT_IS, send_receipts: "on" }, { cookie });
  const { data } = (await api("GET", "/audit_log?action=settings.updated")).body;
  expect(data).toMatchObject([{ actor: { kind: "dashboard" }, detail: { changed: "send_receipts" } }]);
  await send(PAGE, { ...AS_IT_IS, send_receipts: "on" }, { cookie });
  expect((await api("GET", "/audit_log?action=settings.updated")).body.data).toHaveLength(1);
});

test("what is wrong is said at its field, what was typed stays, and nothing is changed", async () => {
  const { cookie, settings } = await world();
  for (const [name, value] of [
    ["statement_descriptor", "no"],
    ["payment_method_types", "card, gold"],
    ["before_days", "soon"],
    ["time_zone", "Moon/Base"],
    ["owner_email", "nobody"],
    ["email_reply_to", "nowhere"],
    ["success_redirect_url", "javascript:alert(1)"],
  ] as const) {
    const refused = await send(PAGE, { ...AS_IT_IS, [name]: value }, { cookie });
    expect([name, refused.status, refused.html.includes(`id="${name}-error"`)]).toEqual([name, 422, true]);
  }
  expect(await settings()).toMatchObject(DEFAULT_SETTINGS);
});

test("hostile words are text, on the form and in the preview", async () => {
  const { cookie } = await world();
  await send(PAGE, { ...AS_IT_IS, success_message: HOSTILE }, { cookie });
  const { html } = await open(PAGE, cookie);
  expect(html).not.toMatch(/<script>alert|<img/);
  expect(html).toContain("&lt;script&gt;alert");
});

test("the preview has what is saved in its words, and tells the script how each field is shown as it is typed", async () => {
  const { cookie } = await world();
  await send(PAGE, { ...AS_IT_IS, success_message: "Paid: {number}", before_days: "3, 1" }, { cookie });
  const { html } = await open(PAGE, cookie);
  expect(html).toMatch(/data-shows="success_message"[^>]*data-number="(INV-\w+)"[^>]*>Paid: \1</);
  expect(html).toMatch(
    /data-shows="before_days" data-none="none" data-within="{} days"[^>]*>[13], [13] days</,
  );
  expect(html).toMatch(/data-with="success_redirect_url" hidden/);
  for (const [, id] of html.matchAll(/data-shows="(\w+)"/g)) expect(html).toContain(` id="${id}"`);
});

test("who may not change them sees them all the same, and its forms are refused", async () => {
  const { keys, settings } = await world();
  const cookie = await signIn(keys.write);
  const { html } = await open(PAGE, cookie);
  expect(html).toMatch(/<fieldset class="bare-set" disabled/);
  expect((await send(PAGE, { ...AS_IT_IS, send_receipts: "on" }, { cookie })).status).toBe(403);
  expect((await settings()).send_receipts).toBe(false);
});

test("the budgets stand there with how much of each is used, the keys counted", async () => {
  const { cookie, api } = await world();
  const text = textOf((await open(PAGE, cookie)).html);
  const { budgets } = (await api("GET", "/budgets")).body as { budgets: { name: string; most: number }[] };
  const keys = budgets.find(({ name }) => name === "api_keys");
  expect(text).toContain(`3 of ${keys?.most.toLocaleString("en")}`);
});
