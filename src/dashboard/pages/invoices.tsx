// The list of invoices.

import { byCreation } from "../../http/list.ts";
import { listInvoicesQuery, toInvoiceFilter } from "../../invoices/request-schema.ts";
import type { DashboardContext } from "../dashboard-env.ts";
import { docsHref, href } from "../hrefs.ts";
import { invoiceSums } from "../invoice-sums.ts";
import { renderPage } from "../layout/render.tsx";
import { Download } from "../parts/download.tsx";
import { type Chip, Chips, DayFilters, FilterBar, SearchInList } from "../parts/filter-bar.tsx";
import { InvoiceTable } from "../parts/invoice-table.tsx";
import { ListPage } from "../parts/list-page.tsx";
import { customerAsked, OfCustomer } from "../parts/narrowed.tsx";
import { PageNote } from "../parts/page-note.tsx";
import { askList } from "../read-list.ts";
import { mayAct } from "../session/may-act.ts";
import { INVOICE_LOOK } from "../status-words.ts";

const PATH = "/invoices";

export async function showInvoices(c: DashboardContext) {
  const list = await askList(
    c,
    listInvoicesQuery,
    (query, page) => ["listInvoices", { filter: toInvoiceFilter(query), page }],
    ({ invoice }) => byCreation(invoice),
    ({ customer_id, is }) => ({
      ...customerAsked({ customer_id }),
      counts: ["countInvoices", {}],
      ...(is === "overdue" ? ({ overdue: ["readOverdue", {}] } as const) : {}),
    }),
  );
  const mayWrite = mayAct(c.get("session"), "write");
  const sum = invoiceSums(list, list.beside.counts, list.beside.overdue ?? []);
  return renderPage(
    c,
    { title: "Invoices", place: "Invoices" },
    <ListPage
      title="Invoices"
      said={<PageNote c={c} />}
      actions={
        <div class="actions">
          <Download name="invoices" filters={list.filters} />
          {mayWrite ? (
            <a class="button primary" href={href(`${PATH}/new`, { customer_id: list.filters.customer_id })}>
              New invoice
            </a>
          ) : null}
        </div>
      }
      path={PATH}
      api="/invoices"
      list={list}
      looks={INVOICE_LOOK}
      filter={<InvoiceFilters filters={list.filters} names={list.beside.ofCustomer} sum={sum} />}
      table={(rows) => (
        <InvoiceTable invoices={rows} customerNames={list.names.customers} now={c.get("deps").now()} />
      )}
      none={{
        title: "No invoices yet.",
        words: (
          <p>
            Your billing platform makes them <a href={docsHref("post", "/invoices")}>by API</a>
            {mayWrite ? (
              <>
                , or you make <a href={href(`${PATH}/new`)}>one here</a>
              </>
            ) : null}
            . Each gets a link by which it is paid.
          </p>
        ),
      }}
      noneFits={{ title: "No invoice fits.", showAll: "Show all invoices" }}
    />,
  );
}

const CHIPS: readonly Chip[] = [
  { words: "Any", filters: {} },
  { words: "Overdue", filters: { is: "overdue" } },
  { words: "Disputed", filters: { is: "disputed" } },
  { words: "Refunded", filters: { is: "refunded" } },
  { words: "Link failed", filters: { is: "link_failed" } },
];

function InvoiceFilters(props: {
  filters: Record<string, string>;
  names: ReadonlyMap<string, string>;
  sum: string | null;
}) {
  const { filters, names, sum } = props;
  return (
    <>
      <Chips path={PATH} filters={filters} chips={CHIPS} />
      <OfCustomer path={PATH} filters={filters} names={names} />
      <FilterBar
        path={PATH}
        filters={filters}
        names={["search", "created_after", "created_before"]}
        sum={sum}
      >
        <SearchInList value={filters.search} example="Number, customer's name or email" />
        <DayFilters filters={filters} from="created_after" to="created_before" />
      </FilterBar>
    </>
  );
}
