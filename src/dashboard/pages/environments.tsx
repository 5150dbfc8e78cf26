// The environments of the tenant: the present one, and the way into the others.

import { listEnvironments } from "../../directory/store.ts";
import type { DashboardContext } from "../dashboard-env.ts";
import { href } from "../hrefs.ts";
import { renderPage } from "../layout/render.tsx";
import { Badge } from "../parts/badge.tsx";
import { CopyId } from "../parts/copy.tsx";
import { PageHead } from "../parts/panel.tsx";
import { Table } from "../parts/table.tsx";

const MOST = { limit: 100, after: null };

export async function showEnvironments(c: DashboardContext) {
  const { scope } = c.get("session").principal;
  const found = await listEnvironments(c.get("deps"), scope.tenantId, MOST);
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
              cell: ({ id }) =>
                id === scope.environmentId ? (
                  <span class="muted">You are here</span>
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
