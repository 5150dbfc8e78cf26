// The list of customers, and whether Stripe has each as it is here.

import { pageQuery } from "../../customers/schema.ts";
import { listOf, readPage } from "../../http/list.ts";
import { ledger } from "../../ledger/client.ts";
import type { CustomerRow } from "../../ledger/customers/customer-state.ts";
import type { DashboardContext } from "../dashboard-env.ts";
import { customerHref, docsHref } from "../hrefs.ts";
import { renderPage } from "../layout/render.tsx";
import { Pager } from "../parts/list-navigation.tsx";
import { Empty, PageHead } from "../parts/panel.tsx";
import { SyncState } from "../parts/sync-state.tsx";
import { Table } from "../parts/table.tsx";
import { Time } from "../parts/time.tsx";
import { readQuery } from "../read-query.ts";

const PATH = "/customers";

export async function showCustomers(c: DashboardContext) {
  const deps = c.get("deps");
  const query = readQuery(c, pageQuery);
  const page = readPage(query);
  const list = listOf(
    await ledger(deps, c.get("session").principal.scope).listCustomers({ page }),
    page.limit,
    (row) => row,
    (row) => ({ timeMs: row.createdAtMs, id: row.id }),
  );
  return renderPage(
    c,
    { title: "Customers", place: "Customers" },
    <>
      <PageHead title="Customers" note="Newest first. They are made and changed by API." />
      <section class="panel">
        {list.data.length === 0 ? (
          <Empty title="No customers yet.">
            <p>
              Your billing platform creates them:{" "}
              <a href={docsHref("post", "/customers")}>POST /api/v1/customers</a>
            </p>
          </Empty>
        ) : (
          <Customers rows={list.data} now={deps.now()} />
        )}
      </section>
      <Pager path={PATH} filters={{}} cursor={query.cursor} nextCursor={list.next_cursor} />
    </>,
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
        { head: "Created (UTC)", wide: true, cell: (row) => <Time ms={row.createdAtMs} now={now} /> },
      ]}
    />
  );
}
