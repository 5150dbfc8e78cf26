// What befell keys, sessions and secrets: sign-ins, refusals, uses, exports; for role admin, as by API.

import { useContext } from "hono/jsx";
import { readSecurityLog, SECURITY_EVENTS, type SecurityLogRow } from "../../directory/security-log.ts";
import { listSecurityLogQuery } from "../../directory/security-log-routes.ts";
import { byCreation } from "../../http/list.ts";
import { detailWords } from "../audit-words.ts";
import type { DashboardContext } from "../dashboard-env.ts";
import { renderPage } from "../layout/render.tsx";
import { actorColumns } from "../parts/actor-columns.tsx";
import { Badge } from "../parts/badge.tsx";
import { FilterBar, Named } from "../parts/filter-bar.tsx";
import { ListPage } from "../parts/list-page.tsx";
import { LogTabs } from "../parts/log-tabs.tsx";
import { MomentInput } from "../parts/moment-input.tsx";
import { Table } from "../parts/table.tsx";
import { TimeZone } from "../parts/time-zone.ts";
import { readList } from "../read-list.ts";
import { wordsOf } from "../status-words.ts";

const PATH = "/security-log";

export async function showSecurityLog(c: DashboardContext) {
  const [deps, { scope }] = [c.get("deps"), c.get("session").principal];
  const list = await readList(
    c,
    listSecurityLogQuery,
    (query, page) =>
      readSecurityLog(deps, scope, {
        filter: {
          event: query.event,
          keyId: query.api_key_id,
          createdAfterMs: query.created_after,
          createdBeforeMs: query.created_before,
        },
        page,
      }),
    byCreation,
  );
  const { filters, query } = list;
  return renderPage(
    c,
    { title: "Security log", place: "Audit log" },
    <ListPage
      title="Security log"
      note="Sign-ins, refusals, the use of keys and secrets, exports. Newest first."
      said={<LogTabs present="Security log" />}
      path={PATH}
      api="/security_log"
      list={list}
      filter={
        <FilterBar path={PATH} filters={filters} names={["event", "created_after", "created_before"]}>
          <Named>
            <label for="event">Event</label>
            <select id="event" name="event">
              <option value="">All events</option>
              {SECURITY_EVENTS.map((name) => (
                <option value={name} selected={name === filters.event}>
                  {wordsOf(name)}
                </option>
              ))}
            </select>
          </Named>
          <MomentInput name="created_after" label="From" ms={query.created_after ?? null} />
          <MomentInput name="created_before" label="To" ms={query.created_before ?? null} />
        </FilterBar>
      }
      table={(rows) => <Entries rows={rows} now={deps.now()} />}
      none={{ title: "Nothing is noted.", words: <p>Sign-ins and refusals show here.</p> }}
      noneFits={{ title: "No entry fits.", showAll: "Show all entries" }}
    />,
  );
}

function Entries({ rows, now }: { rows: readonly SecurityLogRow[]; now: number }) {
  const timeZone = useContext(TimeZone);
  return (
    <Table
      caption="Security log"
      rows={rows}
      columns={[
        {
          head: "Event",
          cell: (row) => (
            <>
              {wordsOf(row.event)} {row.outcome === "refused" ? <Badge tone="bad">Refused</Badge> : null}
              <span class="reason">{detailWords(row.detail, timeZone)}</span>
            </>
          ),
        },
        ...actorColumns(now),
      ]}
    />
  );
}
