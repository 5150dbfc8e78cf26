import { expect, test } from "vitest";
import { homeTiles, lastDay } from "../../src/dashboard/home-view.ts";
import { sumHours } from "../../src/ledger/stats/sum-hours.ts";

const HOUR = 60 * 60_000;
const NOW = Date.parse("2026-11-21T09:30:00Z");
const TO = Date.parse("2026-11-21T10:00:00Z");
const FROM = TO - 14 * 24 * HOUR;

const money = (hoursAgo: number, currency: string, paidSum: number) => ({
  hourMs: TO - hoursAgo * HOUR,
  currency,
  paidCount: 1,
  paidSum,
  failedCount: 0,
  failedSum: 0,
  refundedCount: 0,
  refundedSum: 0,
});

test("the week's money is that of its hours, by currency, beside the week before", () => {
  const rows = [
    money(1, "EUR", 15_000),
    money(168, "EUR", 5_000),
    money(2, "USD", 900),
    // The week before.
    money(169, "EUR", 10_000),
    money(336, "EUR", 6_000),
  ];
  const stats = { fromMs: FROM, toMs: TO, ...sumHours([], rows, FROM, TO) };
  const [collected, outstanding, overdue, disputed] = homeTiles({
    stats,
    invoices: [
      { status: "open", currency: "EUR", count: 2, remainingMinor: 12_900 },
      { status: "paid", currency: "EUR", count: 9, remainingMinor: 0 },
    ],
    overdue: [{ currency: "EUR", count: 1, remainingMinor: 4_900 }],
    disputes: {
      count: 1,
      sinceMs: NOW,
      dueAtMs: NOW + 3 * 24 * HOUR,
      sums: [{ currency: "EUR", amountMinor: 24_900 }],
    },
    nowMs: NOW,
  });
  expect(collected).toMatchObject({ values: ["€200.00", "$9.00"], more: "EUR up 25 % on the week before" });
  expect(outstanding).toMatchObject({ values: ["€129.00"], more: "2 open invoices" });
  expect(overdue).toMatchObject({ values: ["€49.00"], more: "1 invoice past due" });
  expect(disputed).toMatchObject({
    values: ["€249.00"],
    more: "1 awaits an answer, nearest deadline in 3 days",
  });
});

test("the day's chart is the last 24 hours of what the tiles were counted from", () => {
  const stats = { fromMs: FROM, toMs: TO, ...sumHours([], [], FROM, TO) };
  const day = lastDay(stats);
  expect([day.length, day.at(0)?.hourMs, day.at(-1)?.hourMs]).toEqual([24, TO - 24 * HOUR, TO - HOUR]);
});

test("where nothing happened the tiles say so", () => {
  const stats = { fromMs: FROM, toMs: TO, ...sumHours([], [], FROM, TO) };
  const tiles = homeTiles({ stats, invoices: [], overdue: [], disputes: null, nowMs: NOW });
  expect(tiles.map(({ values, more }) => [...values, more])).toEqual([
    ["0", "nothing in 14 days"],
    ["0", "no open invoice"],
    ["0", "nothing is late"],
    ["0", "none awaits an answer"],
  ]);
});
