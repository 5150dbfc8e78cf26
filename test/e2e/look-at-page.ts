// What is wrong with a page that is open: what axe finds, what does not fit its width, and what a stranger's text has
// become other than text.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { AxeResults } from "axe-core";
import type { Page } from "playwright-core";

/** The narrowest of each way in which pages and tables are laid out (dashboard/style), and the ends. */
export const WIDTHS = [320, 390, 481, 561, 595, 715, 821, 867, 1081, 1167, 1231, 1337, 1440] as const;
const HEIGHT = 900;
const GRAVE = new Set<string | null | undefined>(["serious", "critical"]);

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** Serious and critical findings, light and dark; in the dark only what may differ there. */
export async function readAxe(page: Page): Promise<string[]> {
  // Not as a script tag, which the pages' policy forbids.
  await page.evaluate(AXE);
  const light = await runAxe(page, "light", {});
  const dark = await runAxe(page, "dark", { runOnly: { type: "rule", values: ["color-contrast"] } });
  return [...light, ...dark];
}

async function runAxe(page: Page, colorScheme: "light" | "dark", options: unknown): Promise<string[]> {
  await page.emulateMedia({ colorScheme });
  const { violations } = (await page.evaluate(
    `axe.run(document, { resultTypes: ["violations"], ...${JSON.stringify(options)} })`,
  )) as AxeResults;
  return violations
    .filter(({ impact }) => GRAVE.has(impact))
    .map(({ id, help, nodes }) => `${colorScheme}, ${id}: ${help}: ${nodes[0]?.html.slice(0, 200)}`);
}

// A text: what runs in the page is not of Node's world. Whether a page is wider than the window, and whether a text
// ends outside of what shows it, unless it says so by an ellipsis or stands in what is meant to be scrolled.
const MISFITS = `(() => {
  const found = [];
  const root = document.scrollingElement;
  if (root.scrollWidth > innerWidth) {
    const widest = [...document.body.querySelectorAll("*")].filter((one) => one.getBoundingClientRect().right > innerWidth).at(-1);
    found.push("the page is " + root.scrollWidth + " px wide, as of " + widest?.outerHTML.slice(0, 150));
  }
  for (const table of document.querySelectorAll(".table"))
    if (table.scrollWidth > table.clientWidth + 1) found.push("a table is " + table.scrollWidth + " px wide");
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const range = document.createRange();
  while (texts.nextNode()) {
    const text = texts.currentNode;
    const parent = text.parentElement;
    if (text.data.trim() === "" || !parent.checkVisibility({ visibilityProperty: true })) continue;
    if (parent.closest(".unseen, .skip, script, style, option, textarea, svg")) continue;
    range.selectNodeContents(text);
    const box = range.getBoundingClientRect();
    if (box.width === 0) continue;
    let [left, right, ends] = [0, innerWidth, true];
    for (let one = parent; one !== document.documentElement; one = one.parentElement) {
      const style = getComputedStyle(one);
      if (style.overflowX === "visible") continue;
      if (style.textOverflow === "ellipsis" || style.overflowX === "auto" || style.overflowX === "scroll") { ends = false; break; }
      const clip = one.getBoundingClientRect();
      if (clip.width <= 1) { ends = false; break; }
      left = Math.max(left, clip.left);
      right = Math.min(right, clip.right);
    }
    if (ends && (box.left < left - 1 || box.right > right + 1))
      found.push(JSON.stringify(text.data.trim().slice(0, 60)) + " is cut off in <" + parent.tagName.toLowerCase() + " class=" + parent.className + ">");
  }
  return found.slice(0, 3);
})()`;

/** What does not fit, at each of the widths. */
export async function readMisfits(page: Page, widths: readonly number[] = WIDTHS): Promise<string[]> {
  const found: string[] = [];
  for (const width of widths) {
    await page.setViewportSize({ width, height: HEIGHT });
    const misfits = (await page.evaluate(MISFITS)) as string[];
    found.push(...misfits.map((misfit) => `at ${width} px ${misfit}`));
  }
  return found;
}

const STRANGE =
  'x-hostile, [data-hostile], [onerror], [onload], [onclick], [onfocus], [onmouseover], [srcdoc], base, object, embed, main style, body > style, a[href^="javascript" i], a[href^="data" i], a[href^="vbscript" i], form[action^="javascript" i]';

/** Elements and attributes that only a stranger's text can have brought, and scripts of his that ran. */
export async function readInjected(page: Page): Promise<string[]> {
  return (await page.evaluate(
    `[...document.querySelectorAll(${JSON.stringify(STRANGE)})].map((one) => "injected: " + one.outerHTML.slice(0, 200)).concat(window.hostile ? ["a script of a stranger ran"] : []).slice(0, 3)`,
  )) as string[];
}
