// One environment as root sees it: how it stands and its API keys; nothing of what is in it.

import { findStanding, type Standing } from "../../connections/list-standing.ts";
import { type ApiKeyRow, listApiKeys } from "../../directory/api-key-store.ts";
import { notFound } from "../../platform/app-error.ts";
import type { Scope } from "../../platform/scope.ts";
import { toldBudgetWords } from "../../platform/told-budgets.ts";
import type { DashboardContext } from "../dashboard-env.ts";
import { Badge } from "../parts/badge.tsx";
import { CopyId } from "../parts/copy.tsx";
import { PageNote } from "../parts/page-note.tsx";
import { Empty, Facts, PageHead, Panel } from "../parts/panel.tsx";
import { None, Table } from "../parts/table.tsx";
import { ExactTime, Time } from "../parts/time.tsx";
import { environmentOfPath } from "./console-act.ts";
import { environmentHref, revokeHref, tenantHref } from "./console-hrefs.ts";
import { renderConsole } from "./console-page.tsx";
import { ConnectionBadge, Mode, Size } from "./standing-table.tsx";

const SHOWN = { limit: 100, after: null };

export async function showEnvironment(c: DashboardContext) {
  const deps = c.get("deps");
  const { scope } = await environmentOfPath(c);
  const [standing, keys] = await Promise.all([findStanding(deps, scope), listApiKeys(deps, scope, SHOWN)]);
  if (!standing) throw notFound("environment", scope.environmentId);
  return renderConsole(
    c,
    { title: standing.environmentName, place: "Environments" },
    <>
      <p class="crumb">
        <a href={tenantHref(scope.tenantId)}>{standing.tenantName}</a>
      </p>
      <PageHead
        title={
          <>
            {standing.environmentName} <Mode livemode={standing.livemode} />
          </>
        }
        note={<CopyId id={scope.environmentId} />}
      >
        <div class="actions">
          <a class="button" href={environmentHref(scope, "view")}>
            Open dashboard read-only…
          </a>
          <a class="button" href={environmentHref(scope, "budgets")}>
            Budgets
          </a>
          <a class="button danger" href={environmentHref(scope, "erase")}>
            Erase…
          </a>
        </div>
      </PageHead>
      <PageNote c={c} />
      <div class="columns">
        <Keys scope={scope} keys={keys.slice(0, SHOWN.limit)} now={deps.now()} />
        <HowItStands standing={standing} now={deps.now()} />
      </div>
    </>,
  );
}

function Keys({ scope, keys, now }: { scope: Scope; keys: readonly ApiKeyRow[]; now: number }) {
  return (
    <Panel
      title="API keys"
      more={
        <a class="button small" href={environmentHref(scope, "api-keys/new")}>
          New API key
        </a>
      }
    >
      {keys.length === 0 ? (
        <Empty title="No API key yet.">
          <p>Make one of role admin for the tenant: with it they make all others themselves.</p>
        </Empty>
      ) : (
        <Table
          caption="API keys"
          rows={keys}
          columns={[
            {
              head: "Name",
              cell: ({ name, keyHint, parentId }) => (
                <>
                  <span class="clip">{name}</span>
                  <span class="reason">
                    <code>{keyHint}</code>
                    {parentId === null ? " · made by root" : ""}
                  </span>
                </>
              ),
            },
            { head: "Role", cell: ({ role }) => role },
            {
              head: "Last used",
              isTime: true,
              priority: 2,
              cell: ({ lastUsedAtMs: ms }) => (ms === null ? <None /> : <Time ms={ms} now={now} />),
            },
            { head: "State", cell: (key) => <KeyState apiKey={key} now={now} /> },
            {
              head: "Act",
              right: true,
              lead: true,
              cell: (key) => (isOver(key, now) ? <None /> : <a href={revokeHref(scope, key.id)}>Revoke…</a>),
            },
          ]}
        />
      )}
    </Panel>
  );
}

function isOver({ revokedAtMs, expiresAtMs }: ApiKeyRow, now: number): boolean {
  return revokedAtMs !== null || (expiresAtMs !== null && expiresAtMs <= now);
}

function KeyState({ apiKey, now }: { apiKey: ApiKeyRow; now: number }) {
  if (apiKey.revokedAtMs !== null) return <Badge tone="idle">Revoked</Badge>;
  if (isOver(apiKey, now)) return <Badge tone="idle">Expired</Badge>;
  if (apiKey.expiresAtMs === null) return <Badge tone="good">Valid</Badge>;
  return (
    <>
      <Badge tone="good">Valid until</Badge> <Time ms={apiKey.expiresAtMs} now={now} />
    </>
  );
}

function HowItStands({ standing, now }: { standing: Standing; now: number }) {
  const { connection, pulse } = standing;
  const time = (ms: number | null) => (ms === null ? null : <ExactTime ms={ms} now={now} />);
  const count = (value: number) => (value === 0 ? "none" : value.toLocaleString("en"));
  return (
    <Panel title="How it stands">
      <div class="pad">
        <p class="state">
          <ConnectionBadge connection={connection} /> <span>{connection?.detail}</span>
        </p>
        {pulse?.ledgerError ? (
          <p class="state">
            <Badge tone="bad">Ledger</Badge> <span>{pulse.ledgerError}</span>
          </p>
        ) : null}
        <Facts
          facts={[
            ["Account", connection && <code>{connection.accountId}</code>],
            ["Refused", connection && `${count(connection.refusedDay)} in 24 h`],
            ["Dead events", pulse && count(pulse.deadEvents)],
            ["Dead jobs", pulse && count(pulse.deadWork)],
            ["Waiting jobs", pulse && count(pulse.waitingWork)],
            ["Not delivered", pulse && count(pulse.failedDeliveries)],
            ["Failing", pulse && `${count(pulse.failingDestinations)} of its destinations`],
            ["Payments", pulse && `${count(pulse.paymentsDay)} in 24 h`],
            ["Events", pulse && `${count(pulse.eventsDay)} in 24 h`],
            ["Size", pulse && <Size bytes={pulse.bytes} />],
            ["Budgets", pulse && (pulse.budgets.map(toldBudgetWords).join(", ") || "none is near its end")],
            ["Mails that wait", pulse && (time(pulse.mailsWaitUntilMs) ?? "none")],
            ["Last webhook", time(pulse?.lastWebhookAtMs ?? null) ?? "none yet"],
            ["Oldest undone", time(pulse?.oldestUnfinishedAtMs ?? null)],
            ["Told", time(pulse?.atMs ?? null) ?? "nothing yet"],
            ["Made", time(standing.createdAtMs)],
          ]}
        />
      </div>
    </Panel>
  );
}
