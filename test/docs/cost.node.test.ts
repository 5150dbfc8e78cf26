// What the documents say of the price of a webhook is what was counted, at list prices.

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type Cost, LIST_PRICES, rounded, sumOf } from "../bench/price.ts";
import { COST_FILE, configuredSampling } from "../bench/write-cost.ts";

const ROOT = join(import.meta.dirname, "..", "..");

test("docs/cost.json: counts times list prices are its lines, and their sum is its price; it was counted with the sampling of today", async () => {
  const cost: Cost = JSON.parse(await readFile(join(ROOT, COST_FILE), "utf8"));
  expect(
    cost.lines.map(({ name, what, list_dollars_a_million: dollars }) => [name, { what, dollars }]),
  ).toEqual(Object.entries(LIST_PRICES));
  for (const line of cost.lines) {
    expect(line.per_webhook).toBeGreaterThanOrEqual(0);
    expect(line.dollars_a_million_webhooks).toBe(rounded(line.per_webhook * line.list_dollars_a_million, 2));
  }
  expect(cost.dollars_a_million_webhooks).toBe(sumOf(cost.lines));
  expect(cost.dollars_a_million_webhooks).toBeGreaterThan(0);
  expect(cost.sampling).toEqual(configuredSampling({ root: ROOT }));
});
