// All that root did, in every tenant.

import { listAuditLogQuery, toAuditLogFilter } from "../../directory/audit-log-schema.ts";
import { readRootAuditLog } from "../../directory/audit-log-store.ts";
import { byCreation } from "../../http/list.ts";
import type { DashboardContext } from "../dashboard-env.ts";
import { AuditTable } from "../parts/audit-table.tsx";
import { ListPage } from "../parts/list-page.tsx";
import { readList } from "../read-list.ts";
import { renderConsole } from "./console-page.tsx";

export async function showRootAuditLog(c: DashboardContext) {
  const deps = c.get("deps");
  const list = await readList(
    c,
    listAuditLogQuery,
    (query, page) => readRootAuditLog(deps, { filter: toAuditLogFilter(query), page }),
    byCreation,
  );
  return renderConsole(
    c,
    { title: "Audit log", place: "Audit log" },
    <ListPage
      title="Audit log"
      note="What root did, in every tenant. Newest first."
      path="/console/audit-log"
      list={list}
      table={(rows) => <AuditTable rows={rows} now={deps.now()} />}
      none={{
        title: "Nothing is noted.",
        words: <p>Tenants, environments and keys that root makes show here.</p>,
      }}
    />,
  );
}
