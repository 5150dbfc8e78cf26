// Who did what, when and from where; for keys of role admin, as by API.

import { listAuditLogQuery } from "../../directory/audit-log-schema.ts";
import { listAuditLog } from "../../directory/audit-log-store.ts";
import { listOf, readPage } from "../../http/list.ts";
import type { AuditLogRow } from "../../platform/audit-page.ts";
import type { DashboardContext } from "../dashboard-env.ts";
import { renderPage } from "../layout/render.tsx";
import { Pager } from "../parts/list-navigation.tsx";
import { Empty, PageHead } from "../parts/panel.tsx";
import { None, Table } from "../parts/table.tsx";
import { Time } from "../parts/time.tsx";
import { readQuery } from "../read-query.ts";
import { wordsOf } from "../status-words.ts";

export async function showAuditLog(c: DashboardContext) {
  const deps = c.get("deps");
  const query = readQuery(c, listAuditLogQuery);
  const page = readPage(query);
  const filter = {
    action: query.action,
    objectId: query.object_id,
    createdAfterMs: query.created_after,
    createdBeforeMs: query.created_before,
  };
  const rows = await listAuditLog(deps, c.get("session").principal.scope, { filter, page });
  const list = listOf(
    rows,
    page.limit,
    (row) => row,
    (row) => ({ timeMs: row.createdAtMs, id: row.id }),
  );
  const { action, object_id } = query;
  return renderPage(
    c,
    { title: "Audit log", place: "Audit log" },
    <>
      <PageHead title="Audit log" note="Who did what, when and from where. Newest first." />
      <section class="panel">
        {list.data.length === 0 ? (
          <Empty title="Nothing is noted.">
            <p>Changes of connections, keys, destinations, invoices by hand and refunds show here.</p>
          </Empty>
        ) : (
          <Entries rows={list.data} now={deps.now()} />
        )}
      </section>
      <Pager
        path="/audit-log"
        filters={{ action, object_id }}
        cursor={query.cursor}
        nextCursor={list.next_cursor}
      />
    </>,
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
          wide: true,
          cell: (row) => (
            <>
              {wordsOf(row.actorKind)} {row.actorId === null ? null : <code class="clip">{row.actorId}</code>}
            </>
          ),
        },
        { head: "From", wide: true, cell: (row) => row.ip ?? <None /> },
        { head: "When (UTC)", wide: true, cell: (row) => <Time ms={row.createdAtMs} now={now} /> },
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
