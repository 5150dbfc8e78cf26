// How a page looks, asked of the browser itself. The questions are texts: what runs in a page is not of Node's world.

import type { Page } from "playwright-core";
import { contrast } from "../harness/contrast.ts";

/** px by which the page or a table in it is wider than what is seen of it; 0: nothing is cut off. */
export async function overflowOf(page: Page): Promise<number> {
  return (await page.evaluate(`Math.max(
    document.documentElement.scrollWidth - document.documentElement.clientWidth,
    ...[...document.querySelectorAll(".table")].map((one) => one.scrollWidth - one.clientWidth - 1),
    0)`)) as number;
}

export type Colours = { text: string; ground: string; ratio: number };

/** The computed colours of what is found by `selector`, on the ground that it stands on: `#rrggbb`. */
export async function coloursOf(page: Page, selector: string): Promise<Colours> {
  const [text = "", ground = ""] = (await page.evaluate(`(() => {
    const found = document.querySelector(${JSON.stringify(selector)});
    const isClear = (colour) => colour === "transparent" || /, 0\\)$/.test(colour);
    let under = found;
    while (under.parentElement && isClear(getComputedStyle(under).backgroundColor)) under = under.parentElement;
    const hex = (colour) => "#" + colour.match(/\\d+/g).slice(0, 3)
      .map((part) => Number(part).toString(16).padStart(2, "0")).join("");
    return [hex(getComputedStyle(found).color), hex(getComputedStyle(under).backgroundColor)];
  })()`)) as string[];
  return { text, ground, ratio: contrast(text, ground) };
}

/** How the element that has the focus is named, and whether one sees that it has it. */
export async function focusOf(page: Page): Promise<{ name: string; isSeen: boolean }> {
  return (await page.evaluate(`(() => {
    const one = document.activeElement;
    const style = getComputedStyle(one);
    const label = one.labels?.[0]?.textContent ?? one.getAttribute("aria-label") ?? one.textContent;
    const outline = style.outlineStyle !== "none" && Number.parseFloat(style.outlineWidth) >= 2;
    const box = one.getBoundingClientRect();
    const inView = box.width > 0 && box.bottom > 0 && box.top < innerHeight;
    return { name: label.replaceAll(/\\s+/g, " ").trim(), isSeen: inView && (outline || style.boxShadow !== "none") };
  })()`)) as { name: string; isSeen: boolean };
}
