// The list of subscriptions: Stripe's, word for word. They are made and changed there.

import { byCreation } from "../../http/list.ts";
import { listSubscriptionsQuery } from "../../subscriptions/schema.ts";
import type { DashboardContext } from "../dashboard-env.ts";
import { renderPage } from "../layout/render.tsx";
import { ListPage } from "../parts/list-page.tsx";
import { SubscriptionTable } from "../parts/subscription-table.tsx";
import { askList } from "../read-list.ts";

export async function showSubscriptions(c: DashboardContext) {
  const list = await askList(
    c,
    listSubscriptionsQuery,
    ({ customer_id: customerId, status }, page) => [
      "listSubscriptions",
      { filter: { customerId, status }, page },
    ],
    byCreation,
  );
  return renderPage(
    c,
    { title: "Subscriptions", place: "Subscriptions" },
    <ListPage
      title="Subscriptions"
      note="As they are at Stripe, newest first."
      path="/subscriptions"
      list={list}
      table={(rows) => (
        <SubscriptionTable rows={rows} customerNames={list.names.customers} now={c.get("deps").now()} />
      )}
      none={{
        title: "No subscriptions yet.",
        words: <p>They show here once Stripe's events tell of them.</p>,
      }}
      noneFits={{ title: "No subscription fits." }}
    />,
  );
}
