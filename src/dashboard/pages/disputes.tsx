// The list of disputes.

import { byCreation } from "../../http/list.ts";
import { listDisputesQuery, toMoneyBackFilter } from "../../payments/refund-schema.ts";
import type { DashboardContext } from "../dashboard-env.ts";
import { renderPage } from "../layout/render.tsx";
import { DISPUTE_LOOK } from "../money-back-words.ts";
import { DisputeTable } from "../parts/dispute-table.tsx";
import { ListPage } from "../parts/list-page.tsx";
import { askList } from "../read-list.ts";

export async function showDisputes(c: DashboardContext) {
  const list = await askList(
    c,
    listDisputesQuery,
    (query, page) => ["listDisputes", { filter: toMoneyBackFilter(query), page }],
    byCreation,
  );
  return renderPage(
    c,
    { title: "Disputes", place: "Disputes" },
    <ListPage
      title="Disputes"
      note="What payers dispute with their banks, newest first."
      path="/disputes"
      list={list}
      looks={DISPUTE_LOOK}
      table={(rows) => <DisputeTable disputes={rows} now={c.get("deps").now()} />}
      none={{ title: "No disputes.", words: <p>Nobody has disputed a payment.</p> }}
      noneFits={{ title: "No dispute fits.", showAll: "Show all disputes" }}
    />,
  );
}
