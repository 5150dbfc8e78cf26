// Pages speak the payer's language, in the words of the mails.

import { expect, test } from "vitest";
import { wordsIn } from "../../src/mail/mail-words.ts";
import { chooseLocale } from "../../src/pay/choose-locale.ts";
import { PAGE_STYLE } from "../../src/pay/page-style.ts";
import { isPageLanguage, pageWordsIn } from "../../src/pay/page-words.ts";
import { LOCALES } from "../../src/platform/stripe-limits.ts";
import { contrast } from "../harness/contrast.ts";
import { createOpenInvoice, createPayableInvoice, createTenantWorld, createWorld } from "../harness/world.ts";
import { visit, visitUrl } from "./pay-fixture.ts";

const FREE = { lines: [{ description: "Free", quantity: 1, unit_amount: 0 }] };

test("the environment's language wins; without one the browser's, by weight; else English", () => {
  for (const [setting, header, locale] of [
    ["fr", "de", "fr"],
    ["pt-BR", "de", "pt-BR"],
    ["auto", "de-AT,de;q=0.9,en;q=0.8", "de-AT"],
    [null, "ja,es;q=0.5,fr;q=0.7", "fr"],
    [null, "de;q=0,es", "es"],
    [null, "en;q=0.1,de;q=0.1", "en"],
    [null, "*", "en"],
    [null, undefined, "en"],
    [null, "", "en"],
    [null, ";;;q=,,x-y-z;q=NaN,<script>,de", "de"],
    [null, `${"x".repeat(5_000)},de`, "en"],
  ] as const)
    expect([header, chooseLocale(setting, header)]).toEqual([header, locale]);
});

test("pages and mails speak the same languages", () => {
  for (const locale of LOCALES) {
    if (locale === "auto") continue;
    const { language } = new Intl.Locale(locale);
    expect([locale, isPageLanguage(language)]).toEqual([locale, wordsIn(language).language === language]);
  }
});

test("each page says something of its own in each language", () => {
  const all = ["en", "de", "fr", "es"].map((language) => {
    const { says } = pageWordsIn(language);
    return Object.entries(says).map(([name, [heading, text]]) => [name, heading, text("Acme")]);
  });
  for (const texts of all) expect(new Set(texts.map(([, , text]) => text)).size).toBe(texts.length);
  const [english = [], ...others] = all;
  for (const texts of others)
    for (const [at, [name, heading]] of texts.entries())
      expect([name, heading]).not.toEqual([english[at]?.[0], english[at]?.[1]]);
});

test("a page is in the payer's language, with amounts and days as they are written there", async () => {
  const world = await createTenantWorld();
  const invoice = await createOpenInvoice(world, FREE);
  const german = await visit(invoice, { "accept-language": "de-DE,de;q=0.9" });
  expect(german.html).toContain('<html lang="de">');
  expect(german.text).toContain("Bezahlt, vielen Dank");
  expect(german.text).toMatch(/0,00\s€/);
  expect(german.text).toContain("Testmodus");
  await world.api("PATCH", "/settings", { locale: "es" });
  const spanish = await visit(invoice, { "accept-language": "de" });
  expect(spanish.html).toContain('<html lang="es">');
  const unknown = await visitUrl("https://quittance.test/pay/nonsense", { "accept-language": "fr" });
  expect(unknown.text).toContain("Il n'y a pas de facture ici".replace("'", "&#39;"));
});

test("without a language of the environment's, Stripe's page is left to the payer's browser", async () => {
  const world = await createWorld();
  const { location } = await visit(await createPayableInvoice(world), { "accept-language": "de" });
  expect(new URL(location ?? "").searchParams.get("locale")).toBeNull();
});

test("text meets a contrast of 4.5 to 1 on what it stands on, light and dark", () => {
  const [light = "", dark = ""] = PAGE_STYLE.split("@media (prefers-color-scheme: dark)");
  for (const css of [light, dark]) {
    const colour = (name: string) => new RegExp(`--${name}: (#[0-9a-f]{6});`).exec(css)?.[1] ?? "";
    for (const [ink, ground] of [
      ["ink", "card"],
      ["soft", "card"],
      ["soft", "canvas"],
      ["on-accent", "accent"],
      ...["good", "wait", "warn", "idle"].map((tone) => [tone, `${tone}-bg`] as const),
    ] as const)
      expect([ink, ground, contrast(colour(ink), colour(ground)) >= 4.5]).toEqual([ink, ground, true]);
  }
});
