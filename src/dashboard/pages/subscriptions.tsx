// The list of subscriptions: Stripe's, word for word. They are made and changed there.

import { byCreation } from "../../http/list.ts";
import { listSubscriptionsQuery } from "../../subscriptions/schema.ts";
import type { DashboardContext } from "../dashboard-env.ts";
import { renderPage } from "../layout/render.tsx";
import { Chips } from "../parts/filter-bar.tsx";
import { ListPage } from "../parts/list-page.tsx";
import { customerAsked, OfCustomer } from "../parts/narrowed.tsx";
import { SubscriptionTable } from "../parts/subscription-table.tsx";
import { askList } from "../read-list.ts";

const PATH = "/subscriptions";

// Stripe's words, as people ask for them.
const CHIPS = [
  { words: "All", filters: { status: undefined } },
  { words: "Past due", filters: { status: "past_due" } },
  { words: "Unpaid", filters: { status: "unpaid" } },
  { words: "Active", filters: { status: "active" } },
  { words: "On trial", filters: { status: "trialing" } },
  { words: "Canceled", filters: { status: "canceled" } },
];

export async function showSubscriptions(c: DashboardContext) {
  const list = await askList(
    c,
    listSubscriptionsQuery,
    ({ customer_id: customerId, status }, page) => [
      "listSubscriptionsAtRisk",
      { filter: { customerId, status }, page },
    ],
    byCreation,
    customerAsked,
  );
  return renderPage(
    c,
    { title: "Subscriptions", place: "Subscriptions" },
    <ListPage
      title="Subscriptions"
      note="As they are at Stripe, newest first."
      filter={
        <>
          <Chips path={PATH} filters={list.filters} chips={CHIPS} />
          <OfCustomer path={PATH} filters={list.filters} names={list.beside.ofCustomer} />
        </>
      }
      path={PATH}
      list={list}
      table={(rows) => (
        <SubscriptionTable rows={rows} customerNames={list.names.customers} now={c.get("deps").now()} />
      )}
      none={{
        title: "No subscriptions yet.",
        words: <p>They show here once Stripe's events tell of them.</p>,
      }}
      noneFits={{ title: "No subscription fits.", showAll: "Show all subscriptions" }}
      api="/subscriptions"
    />,
  );
}
