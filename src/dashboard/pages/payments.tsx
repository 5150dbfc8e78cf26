// The list of payments.

import { listOf, readPage } from "../../http/list.ts";
import { ledger } from "../../ledger/client.ts";
import { listPaymentsQuery } from "../../payments/schema.ts";
import type { DashboardContext } from "../dashboard-env.ts";
import { href } from "../hrefs.ts";
import { renderPage } from "../layout/render.tsx";
import { Download } from "../parts/download.tsx";
import { Pager, StatusTabs } from "../parts/list-navigation.tsx";
import { Empty, PageHead } from "../parts/panel.tsx";
import { PaymentTable } from "../parts/payment-table.tsx";
import { readQuery } from "../read-query.ts";
import { PAYMENT_LOOK } from "../status-words.ts";

const PATH = "/payments";

export async function showPayments(c: DashboardContext) {
  const deps = c.get("deps");
  const { scope } = c.get("session").principal;
  const mine = ledger(deps, scope);
  const query = readQuery(c, listPaymentsQuery);
  const page = readPage(query);
  const filter = { status: query.status, invoiceId: query.invoice_id, customerId: query.customer_id };
  const rows = await mine.listPayments({ filter, page });
  const list = listOf(
    rows,
    page.limit,
    (row) => row,
    (row) => ({ timeMs: row.createdAtMs, id: row.id }),
  );
  const numbers = await mine.findInvoiceNumbers({
    ids: list.data.map((row) => row.invoiceId),
  });
  const { invoice_id, customer_id } = query;
  return renderPage(
    c,
    { title: "Payments", place: "Payments" },
    <>
      <PageHead title="Payments">
        <Download name="payments" filters={{ invoice_id, customer_id, status: query.status }} />
      </PageHead>
      <StatusTabs
        path={PATH}
        looks={PAYMENT_LOOK}
        present={query.status}
        filters={{ invoice_id, customer_id }}
      />
      <section class="panel">
        {list.data.length === 0 ? (
          <NoPayments filtered={Object.values(filter).some((value) => value !== undefined)} />
        ) : (
          <PaymentTable payments={list.data} invoiceNumbers={numbers} now={deps.now()} />
        )}
      </section>
      <Pager
        path={PATH}
        filters={{ invoice_id, customer_id, status: query.status }}
        cursor={query.cursor}
        nextCursor={list.next_cursor}
      />
    </>,
  );
}

function NoPayments({ filtered }: { filtered: boolean }) {
  return filtered ? (
    <Empty title="No payment fits.">
      <p>
        <a href={href(PATH)}>Show all payments</a>
      </p>
    </Empty>
  ) : (
    <Empty title="No payments yet.">
      <p>
        A payment shows here once a payer has used a link and Stripe's webhook has arrived. Payable links are
        at the <a href={href("/invoices", { status: "open" })}>open invoices</a>.
      </p>
    </Empty>
  );
}
