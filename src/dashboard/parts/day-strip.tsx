// Stripe's webhooks of the last 24 hours: what became of them hour by hour, and the same as a table.

import { useContext } from "hono/jsx";
import type { HourCounts } from "../../ledger/stats/sum-hours.ts";
import { duration, shortTime } from "../time-words.ts";
import { type BarSeries, Bars } from "./bars.tsx";
import { Panel } from "./panel.tsx";
import { type Column, None, Table } from "./table.tsx";
import { TimeZone } from "./time-zone.ts";

const SERIES: readonly (BarSeries & { count: (hour: HourCounts) => number })[] = [
  { name: "Processed", tone: "good", count: ({ events }) => events.processed },
  { name: "Ignored", tone: "idle", count: ({ events }) => events.ignored },
  { name: "Retried", tone: "warn", count: ({ events }) => events.failed },
  { name: "Dead", tone: "bad", count: ({ events }) => events.dead },
];

export function DayStrip({ hours, now }: { hours: readonly HourCounts[]; now: number }) {
  const timeZone = useContext(TimeZone);
  const clock = (hour: HourCounts) => shortTime(hour.hourMs, now, timeZone);
  const busy = hours.filter(happened);
  const [first] = hours;
  return (
    <Panel title="Webhooks in 24 hours">
      <div class="pad">
        <p class="muted">{dayWords(hours)}</p>
        {busy.length === 0 || first === undefined ? null : (
          <Bars
            label="Webhook events by hour"
            series={SERIES}
            bars={hours.map((hour) => ({
              title: `${clock(hour)}: ${hourWords(hour)}`,
              counts: SERIES.map(({ count }) => count(hour)),
            }))}
            from={clock(first)}
            to="now"
          />
        )}
      </div>
      {busy.length === 0 ? null : (
        <details class="folded">
          <summary>Hour by hour</summary>
          <Table
            caption={`What came in each of the last 24 hours (${timeZone})`}
            columns={columnsOf(clock)}
            rows={busy.toReversed()}
          />
        </details>
      )}
    </Panel>
  );
}

function columnsOf(clock: (hour: HourCounts) => string): Column<HourCounts>[] {
  return [
    { head: "Hour", isTime: true, cell: clock },
    { head: "Received", right: true, cell: ({ events }) => events.received.toLocaleString("en") },
    ...SERIES.map(
      ({ name, count }): Column<HourCounts> => ({
        head: name,
        right: true,
        priority: 2,
        cell: (hour) => count(hour).toLocaleString("en"),
      }),
    ),
    { head: "Lag", priority: 3, cell: (hour) => lagWords([hour]) ?? <None /> },
  ];
}

function happened({ events }: HourCounts): boolean {
  return Object.values(events).some((count) => count > 0);
}

/** `40 received: 36 processed, 3 ignored, 1 retried. 2 s on average, 4 s at most.` */
function dayWords(hours: readonly HourCounts[]): string {
  const received = hours.reduce((sum, { events }) => sum + events.received, 0);
  if (received === 0 && !hours.some(happened)) return "Stripe has sent nothing in 24 hours.";
  const lag = lagWords(hours);
  return `${received.toLocaleString("en")} received${becameWords(hours)}.${lag === null ? "" : ` From Stripe to here ${lag}.`}`;
}

function hourWords(hour: HourCounts): string {
  return happened(hour) ? `${hour.events.received} received${becameWords([hour])}` : "nothing";
}

function becameWords(hours: readonly HourCounts[]): string {
  const words = SERIES.map(
    ({ name, count }) => [hours.reduce((sum, hour) => sum + count(hour), 0), name.toLowerCase()] as const,
  )
    .filter(([count]) => count > 0)
    .map(([count, word]) => `${count.toLocaleString("en")} ${word}`);
  return words.length === 0 ? "" : `: ${words.join(", ")}`;
}

/** How long events took from Stripe's making them; null where none was processed. */
function lagWords(hours: readonly HourCounts[]): string | null {
  const processed = hours.reduce((sum, { events }) => sum + events.processed, 0);
  if (processed === 0) return null;
  const sumMs = hours.reduce((sum, { lag }) => sum + lag.sumMs, 0);
  return `${duration(sumMs / processed)} on average, ${duration(Math.max(...hours.map(({ lag }) => lag.maxMs)))} at most`;
}
