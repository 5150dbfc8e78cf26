// Environments by how they stand, a row each.

import type { Standing } from "../../connections/list-standing.ts";
import { LEDGER_FILLS_AT_BYTES } from "../../platform/ledger-size.ts";
import { toldBudgetWords } from "../../platform/told-budgets.ts";
import { Badge, StatusBadge } from "../parts/badge.tsx";
import { type Column, None, Table } from "../parts/table.tsx";
import { Time } from "../parts/time.tsx";
import { CONNECTION_LOOK } from "../status-words.ts";
import { environmentHref, tenantHref } from "./console-hrefs.ts";

/** @param props.ofTenant on the page of their tenant, which is not named then */
export function StandingTable(props: { rows: readonly Standing[]; now: number; ofTenant?: boolean }) {
  const { rows, now, ofTenant = false } = props;
  return (
    <Table
      caption="Environments"
      rows={rows}
      columns={[
        {
          head: "Environment",
          cell: (row) => (
            <>
              <a class="clip" href={environmentHref(row)}>
                {row.environmentName}
              </a>{" "}
              <Mode livemode={row.livemode} />
              {ofTenant ? null : (
                <span class="reason">
                  <a class="clip plain" href={tenantHref(row.tenantId)}>
                    {row.tenantName}
                  </a>
                </span>
              )}
              <Warnings pulse={row.pulse} />
            </>
          ),
        },
        { head: "Connection", tag: true, cell: (row) => <ConnectionBadge connection={row.connection} /> },
        countColumn("Refused", 2, ({ connection }) => connection?.refusedDay ?? 0),
        countColumn("Gave up", 1, ({ pulse }) => (pulse ? pulse.deadEvents + pulse.deadWork : 0)),
        countColumn("Failing", 2, ({ pulse }) => pulse?.failingDestinations ?? 0),
        { head: "Payments", right: true, priority: 3, cell: ({ pulse }) => count(pulse?.paymentsDay ?? 0) },
        { head: "Events", right: true, priority: 3, cell: ({ pulse }) => count(pulse?.eventsDay ?? 0) },
        { head: "Size", right: true, priority: 3, cell: ({ pulse }) => <Size bytes={pulse?.bytes ?? 0} /> },
        {
          head: "Last webhook",
          isTime: true,
          priority: 2,
          cell: ({ pulse }) =>
            pulse?.lastWebhookAtMs ? <Time ms={pulse.lastWebhookAtMs} now={now} /> : <None />,
        },
      ]}
    />
  );
}

function Warnings({ pulse }: Pick<Standing, "pulse">) {
  const found = [
    ...(pulse?.ledgerError ? ["its ledger cannot be used"] : []),
    ...(pulse?.budgets.map(toldBudgetWords) ?? []),
    ...(pulse?.mailsWaitUntilMs ? ["mails wait for a cap"] : []),
  ];
  return found.length === 0 ? null : <span class="reason attention">{found.join(" · ")}</span>;
}

export function Mode({ livemode }: { livemode: boolean }) {
  return <Badge tone={livemode ? "good" : "sandbox"}>{livemode ? "Live" : "Test"}</Badge>;
}

export function ConnectionBadge({ connection }: Pick<Standing, "connection">) {
  if (connection === null) return <Badge tone="idle">Not connected</Badge>;
  return <StatusBadge look={CONNECTION_LOOK[connection.status]} />;
}

export function Size({ bytes }: { bytes: number }) {
  const words = `${Math.ceil(bytes / 1_000_000).toLocaleString("en")} MB`;
  return bytes > LEDGER_FILLS_AT_BYTES ? <strong class="attention">{words}</strong> : <span>{words}</span>;
}

function countColumn(head: string, priority: 1 | 2, of: (row: Standing) => number): Column<Standing> {
  const cell = (row: Standing) => {
    const found = of(row);
    return found === 0 ? <None /> : <strong class="attention">{count(found)}</strong>;
  };
  return { head, right: true, priority, cell };
}

function count(value: number) {
  return value === 0 ? <None /> : value.toLocaleString("en");
}
