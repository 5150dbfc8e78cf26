// The list of invoices.

import { byCreation } from "../../http/list.ts";
import { listInvoicesQuery, toInvoiceFilter } from "../../invoices/schema.ts";
import type { DashboardContext } from "../dashboard-env.ts";
import { customerHref, docsHref, href } from "../hrefs.ts";
import { renderPage } from "../layout/render.tsx";
import { Download } from "../parts/download.tsx";
import { InvoiceTable } from "../parts/invoice-table.tsx";
import { ListPage } from "../parts/list-page.tsx";
import { PageNote } from "../parts/page-note.tsx";
import { askList } from "../read-list.ts";
import { INVOICE_LOOK } from "../status-words.ts";

const PATH = "/invoices";

export async function showInvoices(c: DashboardContext) {
  const list = await askList(
    c,
    listInvoicesQuery,
    (query, page) => ["listInvoices", { filter: toInvoiceFilter(query), page }],
    ({ invoice }) => byCreation(invoice),
    ({ customer_id }) => ({
      ofCustomer: ["findCustomerNames", { ids: customer_id === undefined ? [] : [customer_id] }],
    }),
  );
  const { customer_id } = list.query;
  const names = new Map([...list.names.customers, ...list.beside.ofCustomer]);
  return renderPage(
    c,
    { title: "Invoices", place: "Invoices" },
    <ListPage
      title="Invoices"
      said={<PageNote c={c} />}
      actions={<Download name="invoices" filters={list.filters} />}
      path={PATH}
      list={list}
      looks={INVOICE_LOOK}
      filter={
        customer_id === undefined ? null : (
          <p class="filter">
            Customer: <a href={customerHref(customer_id)}>{names.get(customer_id) ?? customer_id}</a>{" "}
            <a href={href(PATH, { ...list.filters, customer_id: undefined })}>Show all customers</a>
          </p>
        )
      }
      table={(rows) => <InvoiceTable invoices={rows} customerNames={names} now={c.get("deps").now()} />}
      none={{
        title: "No invoices yet.",
        words: (
          <p>
            Your billing platform creates them:{" "}
            <a href={docsHref("post", "/customers")}>POST /api/v1/customers</a>, then{" "}
            <a href={docsHref("post", "/invoices")}>POST /api/v1/invoices</a> with <code>finalize: true</code>
            .
          </p>
        ),
      }}
      noneFits={{ title: "No invoice fits.", showAll: "Show all invoices" }}
    />,
  );
}
