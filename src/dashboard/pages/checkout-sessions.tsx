// The list of checkout sessions: pages of Stripe's on which somebody pays, subscribes or leaves a card.

import { listCheckoutSessionsQuery } from "../../checkout/schema.ts";
import { byCreation } from "../../http/list.ts";
import { CHECKOUT_LOOK, CHECKOUT_MODE_WORDS } from "../checkout-words.ts";
import type { DashboardContext } from "../dashboard-env.ts";
import { docsHref } from "../hrefs.ts";
import { renderPage } from "../layout/render.tsx";
import { CheckoutSessionTable } from "../parts/checkout-session-table.tsx";
import { Chips } from "../parts/filter-bar.tsx";
import { ListPage } from "../parts/list-page.tsx";
import { customerAsked, OfCustomer } from "../parts/narrowed.tsx";
import { askList } from "../read-list.ts";

const PATH = "/checkout-sessions";

export async function showCheckoutSessions(c: DashboardContext) {
  const list = await askList(
    c,
    listCheckoutSessionsQuery,
    ({ customer_id: customerId, status, mode }, page) => [
      "listCheckoutSessions",
      { filter: { customerId, status, mode }, page },
    ],
    byCreation,
    customerAsked,
  );
  const modes = Object.entries(CHECKOUT_MODE_WORDS).map(([mode, words]) => ({ words, filters: { mode } }));
  return renderPage(
    c,
    { title: "Checkout sessions", place: "Checkout sessions" },
    <ListPage
      title="Checkout sessions"
      note="Pages of Stripe's for what no invoice was written for, newest first."
      path={PATH}
      list={list}
      looks={CHECKOUT_LOOK}
      filter={
        <>
          <Chips
            path={PATH}
            filters={list.filters}
            chips={[{ words: "For anything", filters: { mode: undefined } }, ...modes]}
          />
          <OfCustomer path={PATH} filters={list.filters} names={list.beside.ofCustomer} />
        </>
      }
      table={(rows) => (
        <CheckoutSessionTable rows={rows} customerNames={list.names.customers} now={c.get("deps").now()} />
      )}
      none={{
        title: "No checkout sessions yet.",
        words: (
          <p>
            Your billing platform makes one whenever somebody is to pay, subscribe or leave a card,{" "}
            <a href={docsHref("post", "/checkout_sessions")}>by API</a>.
          </p>
        ),
      }}
      noneFits={{ title: "No checkout session fits.", showAll: "Show all checkout sessions" }}
      api="/checkout_sessions"
    />,
  );
}
