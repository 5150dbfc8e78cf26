// The last 24 hours at a glance: what became of Stripe's events hour by hour, and the money. The picture says
// nothing that the words and the table beneath it do not.

import type { Stats } from "../../ledger/stats/read-stats.ts";
import type { Counts, HourCounts } from "../../ledger/stats/sum-hours.ts";
import { duration, exactTime, shortTime } from "../time-words.ts";
import { moneyText } from "./money.tsx";
import { Facts, Panel } from "./panel.tsx";
import { type Column, None, Table } from "./table.tsx";

const BAR = 14;
const STEP = 20;
const HEIGHT = 96;

export function DayStrip({ stats }: { stats: Stats }) {
  const { totals, hours } = stats;
  if (!happened(totals)) return null;
  return (
    <Panel title="Last 24 hours">
      <div class="pad strip">
        <Bars hours={hours} />
        <Facts
          facts={[
            ["Events", eventWords(totals)],
            ["Lag", lagWords(totals)],
            ["Paid", moneyWords(totals, "paid")],
            ["Refunded", moneyWords(totals, "refunded")],
            ["Failed payments", moneyWords(totals, "failed")],
          ]}
        />
      </div>
      <details class="strip-table">
        <summary>Hour by hour</summary>
        <Table
          caption="What happened in each of the last 24 hours, UTC"
          columns={COLUMNS}
          rows={hours.filter(happened).toReversed()}
        />
      </details>
    </Panel>
  );
}

const COLUMNS: readonly Column<HourCounts>[] = [
  { head: "Hour (UTC)", cell: ({ hourMs }) => shortTime(hourMs, hourMs) },
  { head: "Received", right: true, cell: ({ events }) => events.received },
  { head: "Processed", right: true, cell: ({ events }) => events.processed },
  { head: "Ignored", right: true, wide: true, cell: ({ events }) => events.ignored },
  { head: "Failed", right: true, cell: ({ events }) => events.failed },
  { head: "Gave up", right: true, cell: ({ events }) => events.dead },
  { head: "Lag", wide: true, cell: (counts) => lagWords(counts) ?? <None /> },
  { head: "Paid", cell: (counts) => moneyWords(counts, "paid") ?? <None /> },
  { head: "Refunded", wide: true, cell: (counts) => moneyWords(counts, "refunded") ?? <None /> },
];

/** Stacked from the bottom: processed, ignored, failed and given up. */
function Bars({ hours }: { hours: readonly HourCounts[] }) {
  const most = Math.max(1, ...hours.map((hour) => parts(hour).reduce((sum, [, count]) => sum + count, 0)));
  return (
    <svg
      class="bars"
      viewBox={`0 0 ${hours.length * STEP} ${HEIGHT + 1}`}
      role="img"
      aria-label="Events by hour: the table below says the same."
    >
      {hours.map((hour, index) => (
        <g>
          <title>{`${exactTime(hour.hourMs).slice(11, 16)} UTC: ${eventWords(hour) ?? "no events"}`}</title>
          <rect class="bar-ground" x={index * STEP + 3} y={HEIGHT} width={BAR} height={1} />
          {stacked(hour, most).map(([name, y, height]) => (
            <rect class={`bar-${name}`} x={index * STEP + 3} y={y} width={BAR} height={height} />
          ))}
        </g>
      ))}
    </svg>
  );
}

function parts({ events }: Counts) {
  return [
    ["good", events.processed],
    ["idle", events.ignored],
    ["bad", events.failed + events.dead],
  ] as const;
}

function stacked(hour: HourCounts, most: number): [name: string, y: number, height: number][] {
  let top = HEIGHT;
  return parts(hour).flatMap(([name, count]) => {
    if (count === 0) return [];
    // What there is can be seen, however much more there was in another hour.
    const height = Math.max(Math.round((count / most) * HEIGHT), 2);
    top = Math.max(top - height, 0);
    return [[name, top, height]];
  });
}

function happened({ events, money }: Counts): boolean {
  return money.length > 0 || Object.values(events).some((count) => count > 0);
}

/** `40 received: 36 processed, 3 ignored, 1 failed`; null for none. */
function eventWords({ events }: Counts): string | null {
  const became = [
    [events.processed, "processed"],
    [events.ignored, "ignored"],
    [events.failed, "failed"],
    [events.dead, "gave up"],
  ] as const;
  const words = became.filter(([count]) => count > 0).map(([count, word]) => `${number(count)} ${word}`);
  if (events.received === 0 && words.length === 0) return null;
  return `${number(events.received)} received${words.length === 0 ? "" : `: ${words.join(", ")}`}`;
}

/** How long events took from Stripe's making them; null where none was processed. */
function lagWords({ events, lag }: Counts): string | null {
  if (events.processed === 0) return null;
  return `${duration(lag.sumMs / events.processed)} on average, ${duration(lag.maxMs)} at most`;
}

/** `€4,300.00 (12), $120.00 (1)`; null for none. */
function moneyWords({ money }: Counts, kind: "paid" | "refunded" | "failed"): string | null {
  const there = money.filter((of) => of[kind].count > 0);
  if (there.length === 0) return null;
  return there
    .map((of) => `${moneyText(of[kind].sumMinor, of.currency)} (${number(of[kind].count)})`)
    .join(", ");
}

function number(count: number): string {
  return count.toLocaleString("en");
}
