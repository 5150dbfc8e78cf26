// The first page: whether money can come in, what needs a person, the money, and what came from Stripe. A new
// environment is shown its first steps instead.

import type { Issue } from "../../issues/find-issues.ts";
import { askLedger, surroundingsOf } from "../ask-ledger.ts";
import type { DashboardContext, Session } from "../dashboard-env.ts";
import { GuideOverview } from "../guide/guide-page.tsx";
import { GUIDE_READS, guideDone, presentStep } from "../guide/guide-state.ts";
import { homeTiles, lastDay, WEEK_MS } from "../home-view.ts";
import { href } from "../hrefs.ts";
import { issueAction } from "../issue-action.ts";
import { renderPage } from "../layout/render.tsx";
import { Banner } from "../parts/banner.tsx";
import { ByApi, type CurlCall } from "../parts/by-api.tsx";
import { ConnectionCard } from "../parts/connection-card.tsx";
import { DayStrip } from "../parts/day-strip.tsx";
import { AllClear, IssueList } from "../parts/issue-list.tsx";
import { PageNote } from "../parts/page-note.tsx";
import { PageHead, Panel } from "../parts/panel.tsx";
import { PaymentTable } from "../parts/payment-table.tsx";
import { StatTiles } from "../parts/tiles.tsx";

const LATEST = { limit: 6, after: null };
const ISSUES_SHOWN = 5;
const CALLS: CurlCall[] = [
  { words: "The figures, hour by hour", method: "GET", path: "/stats" },
  { words: "What needs a person", method: "GET", path: "/issues" },
  { words: "The latest payments", method: "GET", path: "/payments", query: { limit: String(LATEST.limit) } },
];
/** They stop payments from being processed at all. */
const BLOCKING: ReadonlySet<string> = new Set([
  "connection_refused",
  "connection_paused",
  "webhook_not_set_up",
]);

export async function showHome(c: DashboardContext) {
  const [session, nowMs] = [c.get("session"), c.get("deps").now()];
  const { stats, invoices, overdue, payments, names, ...read } = await askLedger(c, {
    ...GUIDE_READS,
    stats: ["readStats", { fromMs: nowMs - 2 * WEEK_MS }],
    invoices: ["countInvoices", {}],
    overdue: ["readOverdue", {}],
    payments: ["listPayments", { filter: {}, page: LATEST }],
  });
  const { connection, issues, attention, arrivals } = await surroundingsOf(c);
  const blocking = issues.find(({ code }) => BLOCKING.has(code));
  const isNew = connection === null || payments.rows.length === 0;
  const done = guideDone({ ...read, connection, arrivals });
  return renderPage(
    c,
    { title: "Home", place: "Home" },
    <>
      <PageHead title="Home" />
      <PageNote c={c} />
      {connection === null || blocking === undefined ? null : <Blocking issue={blocking} session={session} />}
      {isNew ? <GuideOverview done={done} present={presentStep(done)} /> : null}
      {connection === null && issues.length === 0 ? null : (
        <NeedsAttention
          issues={issues.filter((issue) => issue !== blocking)}
          lastWebhookAtMs={arrivals.webhookAtMs}
          isClear={issues.length === 0}
          session={session}
          now={nowMs}
        />
      )}
      {connection === null && invoices.length === 0 && payments.rows.length === 0 ? null : (
        <>
          <StatTiles tiles={homeTiles({ stats, invoices, overdue, disputes: attention.disputes, nowMs })} />
          <div class="columns">
            <Panel title="Latest payments" more={<a href={href("/payments")}>All payments</a>}>
              {payments.rows.length === 0 ? (
                <p class="pad muted">No payment yet.</p>
              ) : (
                <PaymentTable
                  payments={payments.rows.slice(0, LATEST.limit)}
                  invoiceNumbers={names.invoices}
                  customerNames={names.customers}
                  now={nowMs}
                />
              )}
            </Panel>
            {connection === null ? null : (
              <ConnectionCard
                connection={connection}
                isRefusing={issues.some(({ code }) => code === "webhooks_refused")}
                now={nowMs}
              />
            )}
          </div>
          <DayStrip hours={lastDay(stats)} now={nowMs} />
        </>
      )}
      <ByApi calls={CALLS} />
    </>,
  );
}

function Blocking({ issue, session }: { issue: Issue; session: Session }) {
  const { title, detail } = issue;
  const action = issueAction(issue, session);
  return (
    <Banner tone="bad" title={title} action={{ words: action.words, href: `/dashboard${action.path}` }}>
      {detail}
    </Banner>
  );
}

function NeedsAttention(props: {
  issues: readonly Issue[];
  lastWebhookAtMs: number | null;
  isClear: boolean;
  session: Session;
  now: number;
}) {
  const { issues, session, now } = props;
  if (props.isClear) {
    return (
      <section class="panel">
        <AllClear lastWebhookAtMs={props.lastWebhookAtMs} now={now} />
      </section>
    );
  }
  if (issues.length === 0) return null;
  return (
    <Panel title="Needs attention" more={<a href={href("/issues")}>All issues</a>}>
      <IssueList issues={issues.slice(0, ISSUES_SHOWN)} session={session} now={now} />
    </Panel>
  );
}
