// The list of payments.

import { byCreation } from "../../http/list.ts";
import { listPaymentsQuery, toPaymentFilter } from "../../payments/schema.ts";
import { type DashboardContext, sessionLedger } from "../dashboard-env.ts";
import { href } from "../hrefs.ts";
import { renderPage } from "../layout/render.tsx";
import { Download } from "../parts/download.tsx";
import { ListPage } from "../parts/list-page.tsx";
import { PaymentTable } from "../parts/payment-table.tsx";
import { readList } from "../read-list.ts";
import { PAYMENT_LOOK } from "../status-words.ts";

export async function showPayments(c: DashboardContext) {
  const mine = sessionLedger(c);
  const list = await readList(
    c,
    listPaymentsQuery,
    (query, page) => mine.listPayments({ filter: toPaymentFilter(query), page }),
    byCreation,
  );
  const numbers = await mine.findInvoiceNumbers({ ids: list.rows.map((row) => row.invoiceId) });
  return renderPage(
    c,
    { title: "Payments", place: "Payments" },
    <ListPage
      title="Payments"
      actions={<Download name="payments" filters={list.filters} />}
      path="/payments"
      list={list}
      looks={PAYMENT_LOOK}
      table={(rows) => <PaymentTable payments={rows} invoiceNumbers={numbers} now={c.get("deps").now()} />}
      none={{
        title: "No payments yet.",
        words: (
          <p>
            A payment shows here once a payer has used a link and Stripe's webhook has arrived. Payable links
            are at the <a href={href("/invoices", { status: "open" })}>open invoices</a>.
          </p>
        ),
      }}
      noneFits={{ title: "No payment fits.", showAll: "Show all payments" }}
    />,
  );
}
