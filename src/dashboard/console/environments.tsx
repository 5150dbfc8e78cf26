// All environments, those with most to see to first.

import { byRank, listStanding } from "../../connections/list-standing.ts";
import { listStandingQuery } from "../../connections/standing-routes.ts";
import type { DashboardContext } from "../dashboard-env.ts";
import { ListPage } from "../parts/list-page.tsx";
import { readList } from "../read-list.ts";
import { renderConsole } from "./console-page.tsx";
import { SearchBar } from "./search-bar.tsx";
import { StandingTable } from "./standing-table.tsx";

const PATH = "/console/environments";

export async function showConsoleEnvironments(c: DashboardContext) {
  const deps = c.get("deps");
  const list = await readList(
    c,
    listStandingQuery,
    ({ q, tenant_id: tenantId }, page) => listStanding(deps, { filter: { q, tenantId }, page }),
    byRank,
  );
  return renderConsole(
    c,
    { title: "Environments", place: "Environments" },
    <ListPage
      title="Environments"
      note="Those with most to see to first. Counts of a day are of the last 24 hours, as each ledger told them within the quarter of an hour."
      path={PATH}
      list={list}
      filter={<SearchBar path={PATH} list={list} label="Name or id" />}
      table={(rows) => <StandingTable rows={rows} now={deps.now()} />}
      none={{ title: "No environment yet.", words: <p>Make a tenant first, then its environments.</p> }}
      noneFits={{ title: "No environment fits.", showAll: "Show all" }}
    />,
  );
}
