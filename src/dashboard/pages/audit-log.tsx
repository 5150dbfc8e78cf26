// Who did what, when and from where; for keys of role admin, as by API.

import { listAuditLogQuery, toAuditLogFilter } from "../../directory/audit-log-schema.ts";
import { readAuditLog } from "../../directory/audit-log-store.ts";
import { byCreation } from "../../http/list.ts";
import type { DashboardContext } from "../dashboard-env.ts";
import { renderPage } from "../layout/render.tsx";
import { AuditTable } from "../parts/audit-table.tsx";
import { ListPage } from "../parts/list-page.tsx";
import { readList } from "../read-list.ts";

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
      table={(rows) => <AuditTable rows={rows} now={deps.now()} />}
      none={{
        title: "Nothing is noted.",
        words: <p>Changes of connections, keys, destinations, invoices by hand and refunds show here.</p>,
      }}
    />,
  );
}
