// How environments stand, those with most to see to first: from what their ledgers last told the directory and what it
// has of their connections. No ledger is asked, and nothing of what is in them is known here.

import { type SQL, sql } from "drizzle-orm";
import { refusedCounts } from "../directory/connection-tables.ts";
import { IN_TROUBLE, type pulses } from "../directory/operator-tables.ts";
import type { PageRequest } from "../http/list.ts";
import { onDatabase } from "../platform/commit.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import type { Position } from "../platform/paging.ts";
import { readJson, texts } from "../platform/tables/json-column.ts";
import { readToldBudgets, type ToldBudget } from "../platform/told-budgets.ts";
import { type ConnectionStatus, connectionStatus } from "./connection-state.ts";
import { countRefused } from "./refusals.ts";
import type { ConnectionRow } from "./store.ts";

type Pulse = Omit<typeof pulses.$inferSelect, "environmentId" | "tenantId" | "jurisdiction">;
/** As the ledger told it, but for what is over by now. */
type Told = Omit<Pulse, "budgets"> & { budgets: ToldBudget[] };

export type Standing = Scope & {
  tenantName: string;
  environmentName: string;
  livemode: boolean;
  createdAtMs: number;
  /** Null: there is none, or it was disconnected. */
  connection: {
    status: ConnectionStatus;
    detail: string | null;
    accountId: string;
    refusedDay: number;
  } | null;
  /** Null: it has told nothing of itself yet. */
  pulse: Told | null;
  /** Where it stands in the list. */
  rank: number;
};

export type StandingFilter = {
  /** In a name, or a whole id; of the environment or its tenant. */
  q?: string | undefined;
  tenantId?: string | undefined;
};

/** Environments that were not erased; one more than the limit, when there are more. */
export async function listStanding(
  deps: Deps,
  { filter, page }: { filter: StandingFilter; page: PageRequest },
): Promise<Standing[]> {
  const { limit, after } = page;
  const first =
    after === null || after.timeMs >= IN_TROUBLE_FROM ? await readTroubled(deps, filter, page) : [];
  if (first.length > limit) return first;
  const rest = after !== null && after.timeMs < IN_TROUBLE_FROM ? after : null;
  return [...first, ...(await readCalm(deps, filter, { limit: limit - first.length, after: rest }))];
}

/** Of one environment; null where there is none, or it was erased. */
export async function findStanding(deps: Deps, { tenantId, environmentId }: Scope): Promise<Standing | null> {
  const mine = sql`e.id = ${environmentId} AND e.tenant_id = ${tenantId}`;
  const [row] = await read(deps, sql`0`, sql`environments AS e`, mine, sql`1`);
  return row ?? null;
}

/** Where it stands in the list. */
export function byRank({ rank, environmentId }: Standing): Position {
  return { timeMs: rank, id: environmentId };
}

// Those in trouble come before all others, which come by their age; a time in ms is never so large.
const IN_TROUBLE_FROM = 1e15;
// A connection that does not work is worse than whatever gave up: nothing comes in.
const CONNECTION_WEIGHT = 10_000;
// Nothing at all can be done in it.
const LEDGER_WEIGHT = 100_000;

const TROUBLED = sql`(SELECT environment_id, SUM(score) AS score FROM (
    SELECT environment_id, ${IN_TROUBLE} AS score FROM pulses WHERE ${IN_TROUBLE} > 0
    UNION ALL SELECT environment_id, ${LEDGER_WEIGHT} FROM pulses WHERE ledger_error IS NOT NULL
    UNION ALL SELECT environment_id, ${CONNECTION_WEIGHT} FROM connections
      WHERE error_detail IS NOT NULL AND disconnected_at_ms IS NULL
    UNION ALL SELECT environment_id, ${CONNECTION_WEIGHT} FROM connections
      WHERE refused_since_ms IS NOT NULL AND disconnected_at_ms IS NULL
  ) GROUP BY environment_id)`;

function readTroubled(
  deps: Deps,
  filter: StandingFilter,
  { limit, after }: PageRequest,
): Promise<Standing[]> {
  const rank = sql`(${IN_TROUBLE_FROM} + troubled.score)`;
  const from = sql`${TROUBLED} AS troubled JOIN environments AS e ON e.id = troubled.environment_id`;
  const further = after === null ? sql`1` : sql`(${rank}, e.id) < (${after.timeMs}, ${after.id})`;
  const which = sql`${meetsStanding(filter)} AND ${further}`;
  return read(deps, rank, from, which, sql`rank DESC, e.id DESC LIMIT ${limit + 1}`);
}

function readCalm(deps: Deps, filter: StandingFilter, { limit, after }: PageRequest): Promise<Standing[]> {
  const further = after === null ? sql`1` : sql`(e.created_at_ms, e.id) < (${after.timeMs}, ${after.id})`;
  const which = sql`${meetsStanding(filter)} AND ${further}
    AND e.id NOT IN (SELECT environment_id FROM ${TROUBLED})`;
  const order = sql`e.created_at_ms DESC, e.id DESC LIMIT ${limit + 1}`;
  return read(deps, sql`e.created_at_ms`, sql`environments AS e`, which, order);
}

function meetsStanding({ q, tenantId }: StandingFilter): SQL {
  const ofTenant = tenantId === undefined ? sql`1` : sql`e.tenant_id = ${tenantId}`;
  if (q === undefined) return ofTenant;
  // D1 takes no pattern of LIKE that is longer than 50 bytes (https://developers.cloudflare.com/d1/platform/limits/).
  return sql`${ofTenant} AND (e.id = ${q} OR e.tenant_id = ${q}
    OR instr(lower(e.name), lower(${q})) > 0 OR instr(lower(t.name), lower(${q})) > 0)`;
}

type FoundStanding = {
  environmentId: string;
  tenantId: string;
  environmentName: string;
  tenantName: string;
  livemode: number;
  createdAtMs: number;
  rank: number;
  connectionId: string | null;
  authType: ConnectionRow["authType"];
  isActive: number;
  errorDetail: string | null;
  webhookDetail: string | null;
  accountId: string;
  refused: string | null;
  hasSecret: number;
  /** As a list. */
  keyIds: string;
} & { [Name in keyof Pulse]: Pulse[Name] | null };

async function read(deps: Deps, rank: SQL, from: SQL, which: SQL, order: SQL): Promise<Standing[]> {
  const secretsOf = sql`secrets AS s WHERE s.environment_id = c.environment_id AND s.owner_id = c.id`;
  const query = sql`SELECT e.id AS environmentId, e.tenant_id AS tenantId, e.name AS environmentName,
      t.name AS tenantName, e.livemode AS livemode, e.created_at_ms AS createdAtMs, ${rank} AS rank,
      c.id AS connectionId, c.auth_type AS authType, c.is_active AS isActive, c.error_detail AS errorDetail,
      c.webhook_detail AS webhookDetail, c.account_id AS accountId, c.refused AS refused,
      EXISTS (SELECT 1 FROM ${secretsOf} AND s.field IN ('webhook_secret', 'thin_webhook_secret')
        AND (s.expires_at_ms IS NULL OR s.expires_at_ms > ${deps.now()})) AS hasSecret,
      (SELECT json_group_array(s.key_id) FROM ${secretsOf}) AS keyIds,
      p.dead_events AS deadEvents, p.dead_work AS deadWork, p.waiting_work AS waitingWork,
      p.failed_deliveries AS failedDeliveries, p.failing_destinations AS failingDestinations, p.bytes AS bytes,
      p.oldest_unfinished_at_ms AS oldestUnfinishedAtMs, p.next_alarm_at_ms AS nextAlarmAtMs, p.at_ms AS atMs,
      p.last_webhook_at_ms AS lastWebhookAtMs, p.events_day AS eventsDay, p.payments_day AS paymentsDay,
      p.ledger_error AS ledgerError, p.budgets AS budgets, p.mails_wait_until_ms AS mailsWaitUntilMs
    FROM ${from} JOIN tenants AS t ON t.id = e.tenant_id
      LEFT JOIN pulses AS p ON p.environment_id = e.id
      LEFT JOIN connections AS c ON c.environment_id = e.id AND c.disconnected_at_ms IS NULL
    WHERE e.erased_at_ms IS NULL AND ${which} ORDER BY ${order}`;
  const found = await onDatabase(() => deps.directory.all<FoundStanding>(query));
  return found.map((row) => toStanding(row, deps));
}

function toStanding(row: FoundStanding, deps: Deps): Standing {
  const { environmentId, tenantId, environmentName, tenantName, createdAtMs, rank } = row;
  return {
    ...{ environmentId, tenantId, environmentName, tenantName, createdAtMs, rank },
    livemode: row.livemode === 1,
    connection: row.connectionId === null ? null : toConnectionStanding(row, deps),
    pulse: row.atMs === null ? null : toTold(row as FoundStanding & Pulse, deps.now()),
  };
}

function toConnectionStanding(row: FoundStanding, deps: Deps): Standing["connection"] {
  const { authType, errorDetail, webhookDetail, accountId } = row;
  const keyIds = readJson(row.keyIds, texts);
  const facts = {
    ...{ authType, errorDetail, webhookDetail },
    isActive: row.isActive === 1,
    disconnectedAtMs: null,
    webhookSecretSet:
      row.hasSecret === 1 || (authType === "oauth" && deps.config.connect.webhookSecrets.length > 0),
    goneKeyIds: keyIds.filter((keyId) => !deps.keyring.keyIds.includes(keyId)),
  };
  return {
    ...connectionStatus(facts, null),
    accountId,
    refusedDay: countRefused(readJson(row.refused, refusedCounts), deps.now()),
  };
}

const DAY_MS = 24 * 60 * 60_000;

function toTold(row: Pulse, nowMs: number): Told {
  // A ledger that has told nothing for a day had nothing to tell of it.
  const isOfToday = nowMs - row.atMs < DAY_MS;
  return {
    deadEvents: row.deadEvents,
    deadWork: row.deadWork,
    waitingWork: row.waitingWork,
    failedDeliveries: row.failedDeliveries,
    failingDestinations: row.failingDestinations,
    bytes: row.bytes,
    oldestUnfinishedAtMs: row.oldestUnfinishedAtMs,
    nextAlarmAtMs: row.nextAlarmAtMs,
    atMs: row.atMs,
    lastWebhookAtMs: row.lastWebhookAtMs,
    eventsDay: isOfToday ? row.eventsDay : 0,
    paymentsDay: isOfToday ? row.paymentsDay : 0,
    ledgerError: row.ledgerError,
    budgets: readToldBudgets(row.budgets, nowMs),
    mailsWaitUntilMs: (row.mailsWaitUntilMs ?? 0) > nowMs ? row.mailsWaitUntilMs : null,
  };
}
