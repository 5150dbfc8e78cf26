// Who did what, when and from where; for keys of role admin, as by API. What it was done to is shown by its name.

import { listAuditLogQuery, toAuditLogFilter } from "../../directory/audit-log-schema.ts";
import { mergeAuditLogs, readNotedOf } from "../../directory/audit-log-store.ts";
import { byCreation } from "../../http/list.ts";
import { askLedger } from "../ask-ledger.ts";
import type { DashboardContext } from "../dashboard-env.ts";
import { renderPage } from "../layout/render.tsx";
import { AuditTable } from "../parts/audit-table.tsx";
import { FilterBar, TextFilter } from "../parts/filter-bar.tsx";
import { ListPage } from "../parts/list-page.tsx";
import { LogTabs } from "../parts/log-tabs.tsx";
import { MomentInput } from "../parts/moment-input.tsx";
import { readList } from "../read-list.ts";

const PATH = "/audit-log";

export async function showAuditLog(c: DashboardContext) {
  const [deps, { scope }] = [c.get("deps"), c.get("session").principal];
  let names = new Map<string, string>();
  const list = await readList(
    c,
    listAuditLogQuery,
    async (query, page) => {
      const asked = { filter: toAuditLogFilter(query), page };
      const [noted, answers] = await Promise.all([
        readNotedOf(deps, scope, asked),
        askLedger(c, { entries: ["listAuditLog", asked] }),
      ]);
      // Numbers of invoices and names of customers, by id.
      names = new Map([...answers.names.invoices, ...answers.names.customers]);
      return mergeAuditLogs([...noted, ...answers.entries], asked);
    },
    byCreation,
  );
  const { filters, query } = list;
  return renderPage(
    c,
    { title: "Audit log", place: "Audit log" },
    <ListPage
      title="Audit log"
      note="Who did what, when and from where. Newest first."
      said={<LogTabs present="Audit log" />}
      path={PATH}
      api="/audit_log"
      list={list}
      filter={
        <FilterBar
          path={PATH}
          filters={filters}
          names={["action", "object_id", "created_after", "created_before"]}
        >
          <TextFilter name="action" label="Action" value={filters.action} placeholder="invoice.finalized" />
          <TextFilter name="object_id" label="Object" value={filters.object_id} placeholder="An id" />
          <MomentInput name="created_after" label="From" ms={query.created_after ?? null} />
          <MomentInput name="created_before" label="To" ms={query.created_before ?? null} />
        </FilterBar>
      }
      table={(rows) => <AuditTable rows={rows} names={names} now={deps.now()} />}
      none={{
        title: "Nothing is noted.",
        words: <p>Changes of connections, keys, destinations, invoices by hand and refunds show here.</p>,
      }}
      noneFits={{ title: "No entry fits.", showAll: "Show all entries" }}
    />,
  );
}
