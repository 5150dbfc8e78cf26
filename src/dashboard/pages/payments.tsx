// The list of payments.

import { byCreation } from "../../http/list.ts";
import { listPaymentsQuery, toPaymentFilter } from "../../payments/schema.ts";
import type { DashboardContext } from "../dashboard-env.ts";
import { href } from "../hrefs.ts";
import { renderPage } from "../layout/render.tsx";
import { Download } from "../parts/download.tsx";
import { ListPage } from "../parts/list-page.tsx";
import { PageNote } from "../parts/page-note.tsx";
import { PaymentTable } from "../parts/payment-table.tsx";
import { askList } from "../read-list.ts";
import { mayAct } from "../session/may-act.ts";
import { PAYMENT_LOOK } from "../status-words.ts";

export async function showPayments(c: DashboardContext) {
  const list = await askList(
    c,
    listPaymentsQuery,
    (query, page) => ["listPayments", { filter: toPaymentFilter(query), page }],
    byCreation,
  );
  return renderPage(
    c,
    { title: "Payments", place: "Payments" },
    <ListPage
      title="Payments"
      actions={<Download name="payments" filters={list.filters} />}
      path="/payments"
      list={list}
      looks={PAYMENT_LOOK}
      said={<PageNote c={c} />}
      table={(rows) => (
        <PaymentTable
          payments={rows}
          invoiceNumbers={list.names.invoices}
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
