// The numbers of the overview, each a way into its list.

import type { Child } from "hono/jsx";
import type { InvoiceCount } from "../../ledger/stats/tally.ts";
import { href } from "../hrefs.ts";
import { countWords } from "../status-words.ts";
import { moneyText } from "./money.tsx";

const CURRENCIES_SHOWN = 2;

type Props = {
  invoices: readonly InvoiceCount[];
  /** In the last 24 hours. */
  eventsReceived: number;
  /** At this moment. */
  eventsUnfinished: number;
  stuckJobs: number;
};

export function Tiles({ invoices, eventsReceived, eventsUnfinished, stuckJobs }: Props) {
  return (
    <ul class="tiles">
      <Tile name="Open invoices" to={href("/invoices", { status: "open" })} value={count(invoices, "open")}>
        {outstanding(invoices)}
      </Tile>
      <Tile name="Paid invoices" to={href("/invoices", { status: "paid" })} value={count(invoices, "paid")}>
        {countWords(count(invoices, "draft"), "draft")}
      </Tile>
      <Tile name="Events in 24 hours" to={href("/webhook-events")} value={eventsReceived}>
        {eventsUnfinished === 0 ? (
          "none failed"
        ) : (
          <span class="attention">{`${eventsUnfinished} failed`}</span>
        )}
      </Tile>
      <Tile name="Stuck jobs" to={href("/stuck-jobs")} value={stuckJobs}>
        {stuckJobs === 0 ? "all work is done" : <span class="attention">see why</span>}
      </Tile>
    </ul>
  );
}

function Tile({ name, to, value, children }: { name: string; to: string; value: number; children: Child }) {
  return (
    <li>
      <a href={to}>
        <span class="tile-name">{name}</span>
        <span class="tile-value">{value.toLocaleString("en")}</span>
        <span class="muted">{children}</span>
      </a>
    </li>
  );
}

function count<S extends string>(rows: readonly { status: S; count: number }[], status: S): number {
  return rows.reduce((sum, row) => sum + (row.status === status ? row.count : 0), 0);
}

/** `€4,300.00 and $120.00 to be paid`; amounts of different currencies are never added. */
function outstanding(rows: readonly InvoiceCount[]): string {
  const open = rows.filter((row) => row.status === "open" && row.remainingMinor > 0);
  if (open.length === 0) return "nothing to be paid";
  const shown = open.slice(0, CURRENCIES_SHOWN).map((row) => moneyText(row.remainingMinor, row.currency));
  const more = open.length - shown.length;
  return `${shown.join(" and ")}${more > 0 ? ` and ${countWords(more, "more currency", "more currencies")}` : ""} to be paid`;
}
