// The environment's connection to Stripe: whether it works, what is the matter with it, and all that can be done to it.
// Where there is none, the two ways to one.

import type { DescribedConnection } from "../../connections/describe-connections.ts";
import { connectionTestSchema } from "../../connections/schema.ts";
import { readNotedOf } from "../../directory/audit-log-store.ts";
import { connectionIssues } from "../../issues/connection-issues.ts";
import type { Issue } from "../../issues/find-issues.ts";
import type { AppError } from "../../platform/app-error.ts";
import { connectOffer } from "../../platform/connect-config.ts";
import { attempt } from "../act.ts";
import { askLedger, surroundingsOf } from "../ask-ledger.ts";
import { connectionLook } from "../connection-look.ts";
import { readConnections, secretTimes } from "../connection-view.ts";
import { type DashboardContext, pathId, sessionLedger } from "../dashboard-env.ts";
import { href } from "../hrefs.ts";
import { keptRead, openResult } from "../kept-result.ts";
import { renderPage } from "../layout/render.tsx";
import { Badge, StatusBadge } from "../parts/badge.tsx";
import { ByApi, type CurlCall } from "../parts/by-api.tsx";
import { ConnectStripe } from "../parts/connect-stripe.tsx";
import { Checks } from "../parts/connection-actions.tsx";
import { ConnectionHistory } from "../parts/connection-history.tsx";
import { ConnectionMenu } from "../parts/connection-menu.tsx";
import { AccountPanel, KeyPanel, SyncPanel } from "../parts/connection-panels.tsx";
import { NoConnection } from "../parts/connection-summary.tsx";
import { WebhookPanel } from "../parts/connection-webhook-panel.tsx";
import { FormerConnections } from "../parts/former-connections.tsx";
import { IssueList } from "../parts/issue-list.tsx";
import { PageNote } from "../parts/page-note.tsx";
import { PageHead } from "../parts/panel.tsx";
import { ReconciliationPanel } from "../parts/reconciliation-state.tsx";
import { mayAct } from "../session/may-act.ts";

const SHOWN_ENTRIES = { limit: 20, after: null };

export async function showConnections(c: DashboardContext) {
  return renderConnections(c, null);
}

/** Asks Stripe for what was not heard of. */
export async function reconcile(c: DashboardContext) {
  const id = pathId(c);
  const done = await attempt(() => sessionLedger(c).requestReconciliation({ connectionId: id }));
  if (!done.ok) return renderConnections(c, done.problem);
  return c.redirect(href("/connections", { done: "reconciling" }), 303);
}

/** @param problem why an action of this page was refused */
async function renderConnections(c: DashboardContext, problem: AppError | null) {
  const [deps, session] = [c.get("deps"), c.get("session")];
  const { scope, livemode } = session.principal;
  const { live, former } = await readConnections(c);
  const mayConnect = mayAct(session, "admin", "connections");
  const now = deps.now();
  if (live === null) {
    return renderPage(
      c,
      { title: "Connection", place: "Connection", status: problem?.status },
      <>
        <PageHead title="Connection" note="This environment is not connected to Stripe yet." />
        <PageNote c={c} problem={problem} />
        {mayConnect ? (
          <div class="columns even">
            <NoConnection livemode={livemode} />
            <ConnectStripe offer={connectOffer(deps.config, livemode)} />
          </div>
        ) : (
          <NoConnection livemode={livemode} mayConnect={false} />
        )}
        <FormerConnections former={former} now={now} />
      </>,
    );
  }
  const { id } = live.row;
  const testName = c.req.query("tested") ?? "";
  const testRead = keptRead(testName);
  const [answers, entries] = await Promise.all([
    askLedger(c, {
      stats: ["readStats", {}],
      reconciled: ["findReconciliation", { connectionId: id }],
      ...(testRead === null ? {} : { test: testRead }),
    }),
    mayAct(session, "admin")
      ? readNotedOf(deps, scope, { filter: { objectId: id }, page: SHOWN_ENTRIES })
      : null,
  ]);
  const { stats, reconciled } = answers;
  // Null once it is past its day.
  const kept = "test" in answers ? await openResult(c, testName, answers.test) : null;
  const test = connectionTestSchema.safeParse(kept).data ?? null;
  const { connection, attention } = await surroundingsOf(c);
  // Disconnected between one read and the next.
  if (connection === null) return c.redirect("/dashboard/connections", 303);
  const look = connectionLook(connection);
  const issues = connectionIssues(connection, attention).map((issue) => withReason(issue, connection));
  const { keySetAtMs, ...secretTime } = secretTimes(live, now);
  const common = { connection, now, mayConnect };
  return renderPage(
    c,
    { title: "Connection", place: "Connection", status: problem?.status },
    <>
      <PageHead
        title={connection.name}
        note={
          <span class="state">
            <StatusBadge look={look} />
            <Badge tone={livemode ? "good" : "sandbox"}>{livemode ? "Live" : "Test"}</Badge>
            {issues.length === 0 ? <span>{look.means}</span> : null}
          </span>
        }
      >
        {mayConnect ? <ConnectionMenu connection={connection} /> : null}
      </PageHead>
      <PageNote c={c} problem={problem} done={doneOf(c, id)} />
      {test === null ? null : (
        <section class="panel pad">
          <Checks test={test} />
        </section>
      )}
      {issues.length === 0 ? null : (
        <section class="panel">
          <IssueList issues={issues} session={session} here="/connections" now={now} />
        </section>
      )}
      {connection.status === "active" && connection.status_detail !== null ? (
        <p class="notice warn page-note">{connection.status_detail}</p>
      ) : null}
      <div class="columns">
        <div>
          <WebhookPanel {...common} {...secretTime} taken={stats.totals.events.received} />
          <KeyPanel {...common} keySetAtMs={keySetAtMs} />
          <ReconciliationPanel connectionId={id} row={reconciled} now={now} mayConnect={mayConnect} />
        </div>
        <div>
          <AccountPanel {...common} />
          <SyncPanel {...common} />
        </div>
      </div>
      {entries === null ? null : <ConnectionHistory connectionId={id} entries={entries} now={now} />}
      <FormerConnections former={former} now={now} />
      <ByApi calls={callsOf(id, mayConnect)} />
    </>,
  );
}

/** With the words by which Stripe refuses the key. */
function withReason(issue: Issue, { status_detail: reason }: DescribedConnection): Issue {
  if (issue.code !== "connection_refused" || reason === null) return issue;
  return { ...issue, detail: `${issue.detail} ${reason}${reason.endsWith(".") ? "" : "."}` };
}

function callsOf(id: string, mayConnect: boolean): CurlCall[] {
  const path = `/connections/${encodeURIComponent(id)}`;
  const look: CurlCall = { words: "This connection", method: "GET", path, route: "/connections/{id}" };
  if (!mayConnect) return [look];
  return [
    look,
    { words: "A test of it", method: "POST", path: `${path}/test`, route: "/connections/{id}/test" },
    {
      words: "What was missed, fetched from Stripe",
      method: "POST",
      path: `${path}/reconcile`,
      route: "/connections/{id}/reconcile",
    },
  ];
}

/** Stripe Connect leads back with the connection's id. */
function doneOf(c: DashboardContext, liveId: string): string | undefined {
  return c.req.query("connection") === liveId ? "connected" : c.req.query("done");
}
