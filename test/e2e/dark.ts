// Whoever has set the system to dark gets a dark page, with text that can be read.

import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { step } from "../demo/report.ts";
import type { Stack } from "../demo/start-stack.ts";
import { contrast } from "../harness/contrast.ts";
import { coloursOf } from "./look.ts";
import { connectedTenant, enter, openInvoice, type Scenario } from "./scenario.ts";

/** WCAG 2.2, 1.4.3: text on its ground. */
const READABLE = 4.5;
/** Of what is to be dark, or light, to the other end of the scale. */
const FAR = 10;
const PLACES = ["", "/invoices", "/connections", "/settings", "/issues"];
const LOOKED_AT = ["h1", "main", ".nav a", ".strip-sandbox", "main .muted", "main a"];

export const dark: Scenario = {
  title: "Dark",
  browser: { colorScheme: "dark" },
  async play(page, stack) {
    const tenant = await connectedTenant(stack);
    const { id } = await openInvoice(tenant);
    await step("the sign-in", () => lookAtSignIn(page, stack), String);
    await enter(page, stack, tenant);
    for (const path of [...PLACES, `/invoices/${id}`, `/invoices/${id}/void`])
      await step(path === "" ? "home" : path.slice(0, 24), () => lookAt(page, stack, path), String);
    await step("light where light is wanted", () => turnLight(page), String);
  },
};

async function lookAtSignIn(page: Page, stack: Stack): Promise<string> {
  await page.goto(`${stack.worker}/dashboard/sign-in`);
  return isDark(page, ["h1", "label", "button.primary", ".muted"]);
}

async function lookAt(page: Page, stack: Stack, path: string): Promise<string> {
  await page.goto(`${stack.worker}/dashboard${path}`);
  return isDark(page, LOOKED_AT);
}

async function isDark(page: Page, selectors: readonly string[]): Promise<string> {
  const { ground } = await coloursOf(page, "body");
  assert.ok(contrast(ground, "#ffffff") > FAR, `the ground is ${ground}`);
  let least = Number.POSITIVE_INFINITY;
  for (const selector of selectors) {
    if ((await page.locator(selector).count()) === 0) continue;
    const { text, ground: under, ratio } = await coloursOf(page, selector);
    assert.ok(ratio >= READABLE, `${selector} is ${text} on ${under}: ${ratio.toFixed(1)}`);
    least = Math.min(least, ratio);
  }
  return `${ground}, text at ${least.toFixed(1)} or more`;
}

async function turnLight(page: Page): Promise<string> {
  await page.emulateMedia({ colorScheme: "light" });
  const { ground } = await coloursOf(page, "body");
  assert.ok(contrast(ground, "#000000") > FAR, `the ground is ${ground}`);
  return ground;
}
