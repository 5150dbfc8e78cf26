// How every environment stands, from what its ledger last told, worst first.

import { listWorst, type PulseRow } from "../../directory/pulses.ts";
import type { DashboardContext } from "../dashboard-env.ts";
import { PageHead, Panel } from "../parts/panel.tsx";
import { Table } from "../parts/table.tsx";
import { Time } from "../parts/time.tsx";
import { renderConsole } from "./console-page.tsx";

const SHOWN = 100;

export async function showConsoleHealth(c: DashboardContext) {
  const deps = c.get("deps");
  const rows = await listWorst(deps, SHOWN);
  return renderConsole(
    c,
    "Health",
    <>
      <PageHead title="Health" note={`Environments, those with most to see to first; at most ${SHOWN}.`} />
      <Panel title="Environments">
        <Standing rows={rows} now={deps.now()} />
      </Panel>
    </>,
  );
}

function Standing({ rows, now }: { rows: readonly PulseRow[]; now: number }) {
  return (
    <Table
      caption="Environments"
      rows={rows}
      columns={[
        { head: "Environment", cell: (row) => <code class="clip">{row.environmentId}</code> },
        { head: "Tenant", cell: (row) => <code class="clip">{row.tenantId}</code> },
        { head: "Dead events", right: true, cell: (row) => row.deadEvents },
        { head: "Jobs that gave up", right: true, cell: (row) => row.deadWork },
        { head: "Waiting", right: true, cell: (row) => row.waitingWork },
        { head: "Failed deliveries", right: true, cell: (row) => row.failedDeliveries },
        { head: "Failing destinations", right: true, cell: (row) => row.failingDestinations },
        { head: "MB", right: true, cell: (row) => Math.ceil(row.bytes / 1_000_000) },
        { head: "As of", cell: (row) => <Time ms={row.atMs} now={now} /> },
      ]}
    />
  );
}
