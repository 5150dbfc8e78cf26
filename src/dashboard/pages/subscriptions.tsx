// The list of subscriptions: Stripe's, word for word. They are made and changed there.

import { byCreation } from "../../http/list.ts";
import { listSubscriptionsQuery } from "../../subscriptions/schema.ts";
import { type DashboardContext, sessionLedger } from "../dashboard-env.ts";
import { renderPage } from "../layout/render.tsx";
import { ListPage } from "../parts/list-page.tsx";
import { SubscriptionTable } from "../parts/subscription-table.tsx";
import { readList } from "../read-list.ts";

export async function showSubscriptions(c: DashboardContext) {
  const mine = sessionLedger(c);
  const list = await readList(
    c,
    listSubscriptionsQuery,
    ({ customer_id: customerId, status }, page) =>
      mine.listSubscriptions({ filter: { customerId, status }, page }),
    byCreation,
  );
  const names = await mine.findCustomerNames({
    ids: list.rows.map((row) => row.customerId).filter((id) => id !== null),
  });
  return renderPage(
    c,
    { title: "Subscriptions", place: "Subscriptions" },
    <ListPage
      title="Subscriptions"
      note="As they are at Stripe, newest first."
      path="/subscriptions"
      list={list}
      table={(rows) => <SubscriptionTable rows={rows} customerNames={names} now={c.get("deps").now()} />}
      none={{
        title: "No subscriptions yet.",
        words: <p>They show here once Stripe's events tell of them.</p>,
      }}
      noneFits={{ title: "No subscription fits." }}
    />,
  );
}
