// The environments of the tenant: the present one, and the way into the others: at once where one is signed in there,
// by their key where not.

import { listEnvironments } from "../../directory/store.ts";
import { readForm } from "../act.ts";
import type { DashboardContext } from "../dashboard-env.ts";
import { href } from "../hrefs.ts";
import { renderPage } from "../layout/render.tsx";
import { Badge } from "../parts/badge.tsx";
import { CopyId } from "../parts/copy.tsx";
import { PageHead } from "../parts/panel.tsx";
import { SwitchTo } from "../parts/switch-to.tsx";
import { Table } from "../parts/table.tsx";
import { heldSessions, switchTo } from "../session/held-sessions.ts";

const MOST = { limit: 100, after: null };

export async function showEnvironments(c: DashboardContext) {
  const { scope } = c.get("session").principal;
  const found = await listEnvironments(c.get("deps"), scope.tenantId, MOST);
  const held = new Set((await heldSessions(c)).map(({ environmentId }) => environmentId));
  const rows = found.filter(({ erasedAtMs }) => erasedAtMs === null);
  return renderPage(
    c,
    { title: "Environments", place: null },
    <>
      <PageHead
        title="Environments"
        note="Each has its own customers, invoices and Stripe account, and its own API keys."
      />
      <section class="panel">
        <Table
          caption="Environments"
          rows={rows}
          columns={[
            { head: "Environment", cell: ({ name }) => <strong class="clip">{name}</strong> },
            {
              head: "Mode",
              cell: ({ livemode }) => (
                <Badge tone={livemode ? "good" : "sandbox"}>{livemode ? "Live" : "Test"}</Badge>
              ),
            },
            { head: "Id", priority: 2, cell: ({ id }) => <CopyId id={id} /> },
            {
              head: "Open",
              cell: ({ id, name }) =>
                id === scope.environmentId ? (
                  <span class="muted">You are here</span>
                ) : held.has(id) ? (
                  <SwitchTo id={id} name={name} />
                ) : (
                  <a href={href("/sign-in", { environment: id })}>Sign in with its key</a>
                ),
            },
          ]}
        />
      </section>
    </>,
  );
}

/** Whoever is signed in there is in it now; its session is looked up by the page that this leads to. */
export async function switchEnvironment(c: DashboardContext) {
  const id = (await readForm(c)).get("environment_id") ?? "";
  if (await switchTo(c, id)) return c.redirect(href("/"), 303);
  return c.redirect(href("/sign-in", { environment: id }), 303);
}
