// What happened to an invoice, oldest first, each with its cause.

import type { TimelineRow } from "../../ledger/invoices/timeline.ts";
import { timelineView } from "../timeline-view.ts";
import { ExactTime } from "./time.tsx";

export function Timeline({ entries, now }: { entries: readonly TimelineRow[]; now: number }) {
  return (
    <ol class="timeline">
      {entries.map((row) => (
        <Entry row={row} now={now} />
      ))}
    </ol>
  );
}

function Entry({ row, now }: { row: TimelineRow; now: number }) {
  const { title, tone, amount, said, cause } = timelineView(row);
  return (
    <li class={tone}>
      <p>
        <strong>{title}</strong> {amount === null ? null : <span class="money">{amount}</span>}
      </p>
      {said.length === 0 ? null : <p>{said.join(" · ")}</p>}
      <p class="muted">
        <ExactTime ms={row.atMs} now={now} />
        {" · "}
        {cause.words}{" "}
        {cause.id === null ? null : cause.href === null ? (
          <code>{cause.id}</code>
        ) : (
          <a class="mono" href={cause.href}>
            {cause.id}
          </a>
        )}
      </p>
    </li>
  );
}
