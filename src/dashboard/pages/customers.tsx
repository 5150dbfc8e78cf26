// The list of customers, and whether Stripe has each as it is here.

import { byCreation, pageQuery } from "../../http/list.ts";
import type { CustomerRow } from "../../ledger/customers/customer-state.ts";
import { type DashboardContext, sessionLedger } from "../dashboard-env.ts";
import { customerHref, docsHref } from "../hrefs.ts";
import { renderPage } from "../layout/render.tsx";
import { ListPage } from "../parts/list-page.tsx";
import { SyncState } from "../parts/sync-state.tsx";
import { Table } from "../parts/table.tsx";
import { Time } from "../parts/time.tsx";
import { readList } from "../read-list.ts";

export async function showCustomers(c: DashboardContext) {
  const list = await readList(
    c,
    pageQuery,
    (_, page) => sessionLedger(c).listCustomers({ page }),
    byCreation,
  );
  return renderPage(
    c,
    { title: "Customers", place: "Customers" },
    <ListPage
      title="Customers"
      note="Newest first. They are made and changed by API."
      path="/customers"
      list={list}
      table={(rows) => <Customers rows={rows} now={c.get("deps").now()} />}
      none={{
        title: "No customers yet.",
        words: (
          <p>
            Your billing platform creates them:{" "}
            <a href={docsHref("post", "/customers")}>POST /api/v1/customers</a>
          </p>
        ),
      }}
    />,
  );
}

function Customers({ rows, now }: { rows: readonly CustomerRow[]; now: number }) {
  return (
    <Table
      caption="Customers"
      rows={rows}
      columns={[
        {
          head: "Name",
          cell: (row) => (
            <>
              <a href={customerHref(row.id)}>{row.name}</a>
              <span class="reason">{row.email ?? "no e-mail address"}</span>
            </>
          ),
        },
        { head: "At Stripe", cell: (row) => <SyncState customer={row} /> },
        { head: "Id", wide: true, cell: (row) => <code class="clip">{row.id}</code> },
        { head: "Created", isTime: true, wide: true, cell: (row) => <Time ms={row.createdAtMs} now={now} /> },
      ]}
    />
  );
}
