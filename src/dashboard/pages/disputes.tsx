// The list of disputes: first those that await an answer, the nearest deadline on top, then the others.

import { byCreation } from "../../http/list.ts";
import { listDisputesQuery, toMoneyBackFilter } from "../../payments/refund-schema.ts";
import type { DashboardContext } from "../dashboard-env.ts";
import { renderPage } from "../layout/render.tsx";
import { DISPUTE_LOOK } from "../money-back-words.ts";
import { ByApi } from "../parts/by-api.tsx";
import { DisputeTable } from "../parts/dispute-table.tsx";
import { StatusTabs } from "../parts/list-navigation.tsx";
import { List } from "../parts/list-page.tsx";
import { PageHead, Panel } from "../parts/panel.tsx";
import { askList } from "../read-list.ts";

const PATH = "/disputes";
const DUE_SHOWN = 100;

export async function showDisputes(c: DashboardContext) {
  const list = await askList(
    c,
    listDisputesQuery,
    (query, page) => ["listDisputes", { filter: toMoneyBackFilter(query), page }],
    byCreation,
    () => ({ due: ["listDueDisputes", { limit: DUE_SHOWN }] }),
  );
  const now = c.get("deps").now();
  const names = { invoiceNumbers: list.names.invoices, customerNames: list.names.customers };
  const isWhole = Object.keys(list.filters).length === 0;
  const due = isWhole ? list.beside.due : [];
  const dueIds = new Set(due.map(({ id }) => id));
  const others = list.rows.filter(({ id }) => !dueIds.has(id));
  return renderPage(
    c,
    { title: "Disputes", place: "Disputes" },
    <>
      <PageHead
        title="Disputes"
        note="What payers dispute with their banks. They are answered in Stripe, by the day that the bank sets."
      />
      <StatusTabs path={PATH} looks={DISPUTE_LOOK} present={list.filters.status} filters={list.filters} />
      {due.length === 0 || list.cursor !== undefined ? null : (
        <Panel title="To be answered, the nearest deadline first">
          <DisputeTable disputes={due} {...names} now={now} />
        </Panel>
      )}
      {others.length === 0 && list.rows.length > 0 && list.nextCursor === null ? null : (
        <List
          path={PATH}
          list={{ ...list, rows: others }}
          {...(due.length === 0 ? {} : { panel: "Others, newest first" })}
          table={(rows) => <DisputeTable disputes={rows} {...names} now={now} />}
          none={{ title: "No disputes.", words: <p>Nobody has disputed a payment.</p> }}
          noneFits={{ title: "No dispute fits.", showAll: "Show all disputes" }}
        />
      )}
      <ByApi calls={[{ words: "This list", method: "GET", path: "/disputes", query: list.filters }]} />
    </>,
  );
}
