// The environment's connections: the live one, and those that were disconnected before it.

import type { DescribedConnection } from "../../connections/describe-connections.ts";
import type { ConnectionTest } from "../../connections/test-connection.ts";
import type { ReconciliationRow } from "../../ledger/reconciliation/reconciliation-row.ts";
import type { AppError } from "../../platform/app-error.ts";
import { connectOffer } from "../../platform/connect-config.ts";
import { readConnections } from "../connection-view.ts";
import { type DashboardContext, sessionLedger } from "../dashboard-env.ts";
import { renderPage } from "../layout/render.tsx";
import { Badge } from "../parts/badge.tsx";
import { ConnectStripe } from "../parts/connect-stripe.tsx";
import { Checks, ConnectionActions, EventTypes } from "../parts/connection-actions.tsx";
import { ConnectionFeatures } from "../parts/connection-features.tsx";
import { ConnectionState, NextSteps, NoConnection } from "../parts/connection-summary.tsx";
import { CopyField } from "../parts/copy.tsx";
import { PageNote } from "../parts/page-note.tsx";
import { Facts, PageHead, Panel } from "../parts/panel.tsx";
import { ReconciliationState } from "../parts/reconciliation-state.tsx";
import { ExactTime } from "../parts/time.tsx";
import { mayAct } from "../session/may-act.ts";
import { wordsOf } from "../status-words.ts";

type Tried = { tested: { id: string; test: ConnectionTest } | null; problem: AppError | null };

export async function showConnections(c: DashboardContext) {
  return renderConnections(c, { tested: null, problem: null });
}

/** @param tried what an action of this page found, or why it was refused */
export async function renderConnections(c: DashboardContext, { tested, problem }: Tried) {
  const deps = c.get("deps");
  const { scope, livemode } = c.get("session").principal;
  const connections = await readConnections(deps, scope);
  const isLive = (connection: DescribedConnection) => connection.status !== "disconnected";
  const live = connections.find(isLive);
  const reconciled = live ? await sessionLedger(c).findReconciliation({ connectionId: live.id }) : null;
  const status = problem?.status;
  return renderPage(
    c,
    { title: "Connections", place: "Connection", status },
    <>
      <PageHead title="Connections" note="One live connection to a Stripe account in each environment." />
      <PageNote c={c} problem={problem} done={doneOf(c, live)} />
      {live || !mayAct(c.get("session"), "admin") ? null : (
        <ConnectStripe offer={connectOffer(deps.config, livemode)} />
      )}
      {live ? null : <NoConnection livemode={livemode} />}
      {[...connections.filter(isLive), ...connections.filter((one) => !isLive(one))].map((connection) => (
        <ConnectionPanel
          connection={connection}
          now={deps.now()}
          reconciled={connection === live ? { row: reconciled } : null}
          test={connection.id === tested?.id ? tested.test : null}
          mayAdmin={mayAct(c.get("session"), "admin")}
        />
      ))}
    </>,
  );
}

/** Stripe Connect leads back with the connection's id. */
function doneOf(c: DashboardContext, live: DescribedConnection | undefined): string | undefined {
  const made = c.req.query("connection");
  return made !== undefined && made === live?.id ? "connected" : c.req.query("done");
}

function ConnectionPanel(props: {
  connection: DescribedConnection;
  now: number;
  /** Null for one that is disconnected: nothing is asked of Stripe for it any more. */
  reconciled: { row: ReconciliationRow | null } | null;
  test: ConnectionTest | null;
  mayAdmin: boolean;
}) {
  const { connection, now, reconciled, test } = props;
  const time = (text: string | null) =>
    text === null ? null : <ExactTime ms={Date.parse(text)} now={now} />;
  return (
    <Panel
      title={connection.name}
      more={
        <Badge tone={connection.livemode ? "good" : "warn"}>{connection.livemode ? "Live" : "Test"}</Badge>
      }
    >
      <div class="pad">
        <ConnectionState connection={connection} />
        <NextSteps connection={connection} />
        {reconciled && props.mayAdmin ? <ConnectionActions connectionId={connection.id} /> : null}
        {test === null ? null : <Checks test={test} />}
        <ConnectionFeatures connection={connection} />
        <Facts
          facts={[
            ...accountFacts(connection),
            [
              "Webhook URL",
              <CopyField label="webhook URL" value={connection.webhook_url ?? "PUBLIC_URL is not set"} />,
            ],
            ["Made by", connection.auth_type === "oauth" ? "Stripe Connect: no key of yours is kept" : null],
            ["Signing secret", connection.webhook_secret_set ? "set" : "not set"],
            ["Secret of thin events", connection.thin_webhook_secret_set ? "set" : null],
            [
              "Secret key",
              connection.secret_key_hint === null ? null : <code>{connection.secret_key_hint}</code>,
            ],
            [
              "Publishable key",
              connection.publishable_key === null ? null : <code>{connection.publishable_key}</code>,
            ],
            ["Last webhook", time(connection.last_webhook_at) ?? "none yet"],
            ["Last event", time(connection.last_event_at) ?? "none yet"],
            ["Refused webhooks", refusedWords(connection)],
            ["Connected", time(connection.created_at)],
            ["Connection id", <code>{connection.id}</code>],
          ]}
        />
        {reconciled === null ? null : (
          <>
            <ReconciliationState row={reconciled.row} now={now} />
            <EventTypes />
          </>
        )}
      </div>
    </Panel>
  );
}

function refusedWords({ refused }: DescribedConnection): string {
  if (refused.count_24h === 0) return "none in 24 hours";
  return `${refused.count_24h} in 24 hours; the last: ${wordsOf(refused.last_reason ?? "")}`;
}

function accountFacts({ account }: DescribedConnection): [string, string][] {
  const place = [account.country, account.default_currency].filter((part) => part !== null).join(", ");
  return [
    ["Account", `${account.display_name ?? "Unnamed account"}${place === "" ? "" : ` (${place})`}`],
    ["Account id", account.id],
    ["Payments", account.charges_enabled ? "enabled" : "not enabled by Stripe"],
    ["Payouts", account.payouts_enabled ? "enabled" : "not enabled by Stripe"],
  ];
}
