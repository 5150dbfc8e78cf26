// Who did what, when and from where; for keys of role admin, as by API.

import { listAuditLogQuery, toAuditLogFilter } from "../../directory/audit-log-schema.ts";
import { readAuditLog } from "../../directory/audit-log-store.ts";
import { byCreation } from "../../http/list.ts";
import type { AuditLogRow } from "../../platform/audit-page.ts";
import type { DashboardContext } from "../dashboard-env.ts";
import { renderPage } from "../layout/render.tsx";
import { ListPage } from "../parts/list-page.tsx";
import { None, Table } from "../parts/table.tsx";
import { Time } from "../parts/time.tsx";
import { readList } from "../read-list.ts";
import { wordsOf } from "../status-words.ts";

export async function showAuditLog(c: DashboardContext) {
  const [deps, { scope }] = [c.get("deps"), c.get("session").principal];
  const list = await readList(
    c,
    listAuditLogQuery,
    (query, page) => readAuditLog(deps, scope, { filter: toAuditLogFilter(query), page }),
    byCreation,
  );
  return renderPage(
    c,
    { title: "Audit log", place: "Audit log" },
    <ListPage
      title="Audit log"
      note="Who did what, when and from where. Newest first."
      path="/audit-log"
      list={list}
      table={(rows) => <Entries rows={rows} now={deps.now()} />}
      none={{
        title: "Nothing is noted.",
        words: <p>Changes of connections, keys, destinations, invoices by hand and refunds show here.</p>,
      }}
    />,
  );
}

function Entries({ rows, now }: { rows: readonly AuditLogRow[]; now: number }) {
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
