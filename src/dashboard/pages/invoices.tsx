// The list of invoices.

import { listOf, readPage } from "../../http/list.ts";
import { listInvoicesQuery } from "../../invoices/schema.ts";
import { ledger } from "../../ledger/client.ts";
import type { DashboardContext } from "../dashboard-env.ts";
import { customerHref, docsHref, href } from "../hrefs.ts";
import { renderPage } from "../layout/render.tsx";
import { Download } from "../parts/download.tsx";
import { InvoiceTable } from "../parts/invoice-table.tsx";
import { Pager, StatusTabs } from "../parts/list-navigation.tsx";
import { Empty, PageHead } from "../parts/panel.tsx";
import { readQuery } from "../read-query.ts";
import { INVOICE_LOOK } from "../status-words.ts";

const PATH = "/invoices";

export async function showInvoices(c: DashboardContext) {
  const deps = c.get("deps");
  const { scope } = c.get("session").principal;
  const query = readQuery(c, listInvoicesQuery);
  const page = readPage(query);
  const filter = {
    status: query.status,
    customerId: query.customer_id,
    createdAfterMs: query.created_after,
    createdBeforeMs: query.created_before,
  };
  const rows = await ledger(deps, scope).listInvoices({ filter, page });
  const list = listOf(
    rows,
    page.limit,
    (row) => row,
    ({ invoice }) => ({ timeMs: invoice.createdAtMs, id: invoice.id }),
  );
  const ids = list.data.map(({ invoice }) => invoice.customerId);
  const names = await ledger(deps, scope).findCustomerNames({
    ids: query.customer_id === undefined ? ids : [...ids, query.customer_id],
  });
  // As they were given: the schema has read times into numbers.
  const { customer_id, created_after, created_before } = c.req.query();
  const kept = { customer_id, created_after, created_before };
  return renderPage(
    c,
    { title: "Invoices", place: "Invoices" },
    <>
      <PageHead title="Invoices">
        <Download name="invoices" filters={{ ...kept, status: query.status }} />
      </PageHead>
      <StatusTabs path={PATH} looks={INVOICE_LOOK} present={query.status} filters={kept} />
      {query.customer_id === undefined ? null : (
        <p class="filter">
          Customer:{" "}
          <a href={customerHref(query.customer_id)}>{names.get(query.customer_id) ?? query.customer_id}</a>{" "}
          <a href={href(PATH, { ...kept, customer_id: undefined, status: query.status })}>
            Show all customers
          </a>
        </p>
      )}
      <section class="panel">
        {list.data.length === 0 ? (
          <NoInvoices filtered={Object.values(c.req.query()).some((value) => value !== "")} />
        ) : (
          <InvoiceTable invoices={list.data} customerNames={names} now={deps.now()} />
        )}
      </section>
      <Pager
        path={PATH}
        filters={{ ...kept, status: query.status }}
        cursor={query.cursor}
        nextCursor={list.next_cursor}
      />
    </>,
  );
}

function NoInvoices({ filtered }: { filtered: boolean }) {
  if (filtered) {
    return (
      <Empty title="No invoice fits.">
        <p>
          <a href={href(PATH)}>Show all invoices</a>
        </p>
      </Empty>
    );
  }
  return (
    <Empty title="No invoices yet.">
      <p>
        Your billing platform creates them:{" "}
        <a href={docsHref("post", "/customers")}>POST /api/v1/customers</a>, then{" "}
        <a href={docsHref("post", "/invoices")}>POST /api/v1/invoices</a> with <code>finalize: true</code>.
      </p>
    </Empty>
  );
}
