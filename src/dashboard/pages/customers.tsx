// The list of customers, and whether Stripe has each as it is here.

import { listCustomersQuery } from "../../customers/schema.ts";
import { byCreation } from "../../http/list.ts";
import type { CustomerRow } from "../../ledger/customers/customer-state.ts";
import type { DashboardContext } from "../dashboard-env.ts";
import { customerHref, docsHref, href } from "../hrefs.ts";
import { renderPage } from "../layout/render.tsx";
import { CustomerRunState } from "../parts/customer-run.tsx";
import { FilterBar, SearchInList } from "../parts/filter-bar.tsx";
import { ListPage } from "../parts/list-page.tsx";
import { LiveRegion } from "../parts/live-region.tsx";
import { Menu } from "../parts/menu.tsx";
import { PageNote } from "../parts/page-note.tsx";
import { Panel } from "../parts/panel.tsx";
import { SyncState } from "../parts/sync-state.tsx";
import { Table } from "../parts/table.tsx";
import { Time } from "../parts/time.tsx";
import { askList } from "../read-list.ts";
import { mayAct } from "../session/may-act.ts";

const PATH = "/customers";

export async function showCustomers(c: DashboardContext) {
  const list = await askList(
    c,
    listCustomersQuery,
    ({ search }, page) => ["listCustomers", { filter: { search }, page }],
    byCreation,
    () => ({
      imported: ["findCustomerRun", { kind: "import" }],
      synced: ["findCustomerRun", { kind: "sync" }],
    }),
  );
  const now = c.get("deps").now();
  const runs = [list.beside.imported, list.beside.synced];
  const shown = runs.filter((run) => run !== null);
  return renderPage(
    c,
    { title: "Customers", place: "Customers" },
    <ListPage
      title="Customers"
      note="Newest first. Your platform's, and what was taken over from Stripe."
      actions={mayAct(c.get("session"), "write") ? <RunActions /> : null}
      said={
        <>
          <PageNote c={c} />
          {shown.length === 0 ? null : (
            <LiveRegion name="customer-runs" pending={shown.some(({ status }) => status === "running")}>
              <Panel title="Stripe's customers">
                {shown.map((run) => (
                  <CustomerRunState run={run} now={now} />
                ))}
              </Panel>
            </LiveRegion>
          )}
        </>
      }
      path={PATH}
      filter={
        <FilterBar path={PATH} filters={list.filters} names={["search"]}>
          <SearchInList value={list.filters.search} example="Name, email or id" />
        </FilterBar>
      }
      noneFits={{ title: "No customer fits.", showAll: "Show all customers" }}
      list={list}
      table={(rows) => <Customers rows={rows} now={now} />}
      none={{
        title: "No customers yet.",
        words: (
          <p>
            Create one here, import those of your Stripe account, or let your billing platform do it{" "}
            <a href={docsHref("post", "/customers")}>by API</a>.
          </p>
        ),
      }}
      api="/customers"
    />,
  );
}

function RunActions() {
  return (
    <div class="actions">
      <a class="button primary" href={href("/customers/new")}>
        New customer
      </a>
      <Menu label="All customers at once">
        <a href={href("/customers/import")}>Import from Stripe</a>
        <a href={href("/customers/sync")}>Sync all</a>
      </Menu>
    </div>
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
              <span class="reason">{row.email ?? "no email address"}</span>
            </>
          ),
        },
        { head: "At Stripe", cell: (row) => <SyncState customer={row} /> },
        { head: "Id", priority: 3, cell: (row) => <code class="clip">{row.id}</code> },
        {
          head: "Created",
          isTime: true,
          priority: 2,
          cell: (row) => <Time ms={row.createdAtMs} now={now} />,
        },
      ]}
    />
  );
}
