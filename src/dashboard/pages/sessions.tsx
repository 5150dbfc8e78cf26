// Where one is signed in, and the way to end all of it.

import type { SessionRow } from "../../directory/dashboard-session-store.ts";
import { listSessions } from "../../directory/dashboard-session-store.ts";
import type { DashboardContext } from "../dashboard-env.ts";
import { href } from "../hrefs.ts";
import { renderPage } from "../layout/render.tsx";
import { BackToPlatform } from "../parts/back-to-platform.tsx";
import { Badge } from "../parts/badge.tsx";
import { PageHead, Panel } from "../parts/panel.tsx";
import { None, Table } from "../parts/table.tsx";
import { Time } from "../parts/time.tsx";
import { endAllOf, whoseSession } from "../session/end-session.ts";

const SHOWN = 100;

export async function showSessions(c: DashboardContext) {
  const [deps, session] = [c.get("deps"), c.get("session")];
  const page = { limit: SHOWN, after: null };
  const rows = await listSessions(deps, session.principal.scope, page, whoseSession(session));
  const who = session.person?.name ?? session.keyName;
  return renderPage(
    c,
    { title: "Sessions", place: null },
    <>
      <PageHead
        title="Sessions"
        note={`Where ${who} is signed in. A session ends two hours after its last use.`}
      >
        <BackToPlatform session={session} />
      </PageHead>
      <Panel title="Open now">
        <Sessions rows={rows.slice(0, SHOWN)} present={session.sessionId} now={deps.now()} />
        <form class="pad" method="post" action={href("/sessions/end")}>
          <div class="actions">
            <button class="danger" type="submit">
              Sign out everywhere
            </button>
          </div>
        </form>
      </Panel>
    </>,
  );
}

export async function endSessions(c: DashboardContext) {
  await endAllOf(c, c.get("session"));
  return c.redirect(href("/sign-in", { out: "all" }), 303);
}

function Sessions({ rows, present, now }: { rows: readonly SessionRow[]; present: string; now: number }) {
  return (
    <Table
      caption="Sessions"
      rows={rows}
      columns={[
        {
          head: "Opened from",
          cell: (row) => (
            <>
              {row.ip ?? <None />} {row.id === present ? <Badge tone="good">This one</Badge> : null}
            </>
          ),
        },
        { head: "Opened", cell: (row) => <Time ms={row.openedAtMs ?? row.createdAtMs} now={now} /> },
        { head: "Last used", cell: (row) => <Time ms={row.lastSeenAtMs ?? row.createdAtMs} now={now} /> },
        { head: "Ends", cell: (row) => <Time ms={row.expiresAtMs} now={now} /> },
      ]}
    />
  );
}
