// The list of subscriptions: Stripe's, word for word. They are made and changed there.

import { listOf, readPage } from "../../http/list.ts";
import { ledger } from "../../ledger/client.ts";
import { listSubscriptionsQuery } from "../../subscriptions/schema.ts";
import type { DashboardContext } from "../dashboard-env.ts";
import { renderPage } from "../layout/render.tsx";
import { Pager } from "../parts/list-navigation.tsx";
import { Empty, PageHead } from "../parts/panel.tsx";
import { SubscriptionTable } from "../parts/subscription-table.tsx";
import { readQuery } from "../read-query.ts";

const PATH = "/subscriptions";

export async function showSubscriptions(c: DashboardContext) {
  const deps = c.get("deps");
  const { scope } = c.get("session").principal;
  const query = readQuery(c, listSubscriptionsQuery);
  const page = readPage(query);
  const { customer_id, status } = query;
  const list = listOf(
    await ledger(deps, scope).listSubscriptions({ filter: { customerId: customer_id, status }, page }),
    page.limit,
    (row) => row,
    (row) => ({ timeMs: row.createdAtMs, id: row.id }),
  );
  const names = await ledger(deps, scope).findCustomerNames({
    ids: list.data.map((row) => row.customerId).filter((id) => id !== null),
  });
  return renderPage(
    c,
    { title: "Subscriptions", place: "Subscriptions" },
    <>
      <PageHead title="Subscriptions" note="As they are at Stripe, newest first." />
      <section class="panel">
        {list.data.length > 0 ? (
          <SubscriptionTable rows={list.data} customerNames={names} now={deps.now()} />
        ) : (
          <Empty
            title={
              customer_id === undefined && status === undefined
                ? "No subscriptions yet."
                : "No subscription fits."
            }
          >
            <p>They show here once Stripe's events tell of them.</p>
          </Empty>
        )}
      </section>
      <Pager
        path={PATH}
        filters={{ customer_id, status }}
        cursor={query.cursor}
        nextCursor={list.next_cursor}
      />
    </>,
  );
}
