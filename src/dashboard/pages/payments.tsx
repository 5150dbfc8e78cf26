// The list of payments.

import { byCreation } from "../../http/list.ts";
import { listPaymentsQuery, toPaymentFilter } from "../../payments/schema.ts";
import type { DashboardContext } from "../dashboard-env.ts";
import { href, subscriptionHref } from "../hrefs.ts";
import { renderPage } from "../layout/render.tsx";
import { Download } from "../parts/download.tsx";
import { type Chip, Chips, DayFilters, FilterBar, SearchInList } from "../parts/filter-bar.tsx";
import { ListPage } from "../parts/list-page.tsx";
import { customerAsked, Narrowed, OfCustomer } from "../parts/narrowed.tsx";
import { PageNote } from "../parts/page-note.tsx";
import { PaymentTable } from "../parts/payment-table.tsx";
import { askList } from "../read-list.ts";
import { mayAct } from "../session/may-act.ts";
import { PAYMENT_LOOK } from "../status-words.ts";

const PATH = "/payments";

export async function showPayments(c: DashboardContext) {
  const list = await askList(
    c,
    listPaymentsQuery,
    (query, page) => ["listPayments", { filter: toPaymentFilter(query), page }],
    byCreation,
    customerAsked,
  );
  return renderPage(
    c,
    { title: "Payments", place: "Payments" },
    <ListPage
      title="Payments"
      actions={<Download name="payments" filters={list.filters} />}
      path={PATH}
      api="/payments"
      list={list}
      looks={PAYMENT_LOOK}
      said={<PageNote c={c} />}
      filter={<PaymentFilters filters={list.filters} names={list.beside.ofCustomer} />}
      table={(rows) => (
        <PaymentTable
          payments={rows}
          invoiceNumbers={list.names.invoices}
          customerNames={list.names.customers}
          mayRefund={mayAct(c.get("session"), "write", "refunds")}
          now={c.get("deps").now()}
        />
      )}
      none={{
        title: "No payments yet.",
        words: (
          <p>
            A payment shows here once a payer has used a link or a checkout session, or a subscription was
            billed, and Stripe's webhook has arrived. Payable links are at the{" "}
            <a href={href("/invoices", { status: "open" })}>open invoices</a>.
          </p>
        ),
      }}
      noneFits={{ title: "No payment fits.", showAll: "Show all payments" }}
    />,
  );
}

const SOURCES: readonly Chip[] = [
  { words: "All", filters: {} },
  { words: "Invoices", filters: { source: "invoice" } },
  { words: "Checkout sessions", filters: { source: "checkout_session" } },
  { words: "Subscriptions", filters: { source: "subscription" } },
];

function PaymentFilters(props: { filters: Record<string, string>; names: ReadonlyMap<string, string> }) {
  const { filters, names } = props;
  const { subscription_id } = filters;
  return (
    <>
      <Chips path={PATH} filters={filters} chips={SOURCES} />
      <OfCustomer path={PATH} filters={filters} names={names} />
      {subscription_id === undefined ? null : (
        <Narrowed
          path={PATH}
          filters={filters}
          by="subscription_id"
          words="Subscription"
          all="Show all payments"
        >
          <a class="mono" href={subscriptionHref(subscription_id)}>
            {subscription_id}
          </a>
        </Narrowed>
      )}
      <FilterBar path={PATH} filters={filters} names={["search", "created_after", "created_before"]}>
        <SearchInList value={filters.search} example="pi_…, invoice number, name or email" />
        <DayFilters filters={filters} from="created_after" to="created_before" />
      </FilterBar>
    </>
  );
}
