// Entries of the audit log: who did what, when and from where.

import type { AuditLogRow } from "../../platform/audit-page.ts";
import { wordsOf } from "../status-words.ts";
import { None, Table } from "./table.tsx";
import { Time } from "./time.tsx";

export function AuditTable({ rows, now }: { rows: readonly AuditLogRow[]; now: number }) {
  return (
    <Table
      caption="Audit log"
      rows={rows}
      columns={[
        {
          head: "Action",
          cell: (row) => (
            <>
              {wordsOf(row.action)}
              <span class="reason">{detailOf(row)}</span>
            </>
          ),
        },
        { head: "Object", cell: (row) => <code class="clip">{row.objectId}</code> },
        {
          head: "Who",
          priority: 2,
          cell: (row) => (
            <>
              {row.actorName ?? wordsOf(row.actorKind)}{" "}
              {row.actorId === null ? null : <code class="clip">{row.actorId}</code>}
            </>
          ),
        },
        { head: "From", priority: 2, cell: (row) => row.ip ?? <None /> },
        { head: "When", isTime: true, priority: 2, cell: (row) => <Time ms={row.createdAtMs} now={now} /> },
      ]}
    />
  );
}

/** `name: Stripe -> Stripe EU, amount: 5000`; values that were not set are left out. */
function detailOf(row: AuditLogRow): string {
  return Object.entries(row.detail)
    .filter(([, value]) => value !== null)
    .map(([name, value]) =>
      typeof value === "object" && value !== null
        ? `${name}: ${value.from ?? "none"} → ${value.to ?? "none"}`
        : `${name}: ${value}`,
    )
    .join(", ");
}
