// How every environment stands, from what its ledger last told: for those who look after the installation. Nobody
// asks all ledgers.

import { asc, count, desc, gt, isNotNull, lt, or, sql } from "drizzle-orm";
import { onDatabase } from "../platform/commit.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import { LEDGER_FILLS_AT_BYTES } from "../platform/ledger-size.ts";
import { readToldBudgets, type ToldBudget } from "../platform/told-budgets.ts";
import { pulses } from "./operator-tables.ts";

export type PulseRow = typeof pulses.$inferSelect;

export type PulseTotals = {
  environments: number;
  deadEvents: number;
  deadWork: number;
  waitingWork: number;
  failedDeliveries: number;
  failingDestinations: number;
  bytes: number;
  /** How many environments are filling up. */
  filling: number;
};

type Directory = Pick<Deps, "directory">;

/** @throws AppError `database_unavailable` */
export async function sumPulses(deps: Directory): Promise<PulseTotals> {
  const sum = (column: (typeof pulses)[keyof typeof pulses & string]) =>
    sql<number>`COALESCE(SUM(${column}), 0)`;
  const query = deps.directory
    .select({
      environments: sql<number>`COUNT(*)`,
      deadEvents: sum(pulses.deadEvents),
      deadWork: sum(pulses.deadWork),
      waitingWork: sum(pulses.waitingWork),
      failedDeliveries: sum(pulses.failedDeliveries),
      failingDestinations: sum(pulses.failingDestinations),
      bytes: sum(pulses.bytes),
      filling: sql<number>`COALESCE(SUM(${pulses.bytes} > ${LEDGER_FILLS_AT_BYTES}), 0)`,
    })
    .from(pulses);
  const [totals] = await onDatabase(() => query.all());
  if (!totals) throw new Error("A sum has one row.");
  return totals;
}

/** Environments that need somebody, those with most to see to first. */
export async function listNeedy(deps: Directory, limit: number, nowMs: number): Promise<PulseRow[]> {
  const gaveUp = sql`${pulses.deadEvents} + ${pulses.deadWork} + ${pulses.failedDeliveries}
    + ${pulses.failingDestinations}`;
  const query = deps.directory
    .select()
    .from(pulses)
    .where(
      or(
        gt(gaveUp, 0),
        gt(pulses.bytes, LEDGER_FILLS_AT_BYTES),
        isOverdue(nowMs),
        isNotNull(pulses.ledgerError),
        hasNearBudget,
        gt(pulses.mailsWaitUntilMs, nowMs),
      ),
    )
    .orderBy(desc(isNotNull(pulses.ledgerError)), desc(gaveUp), desc(pulses.bytes), asc(pulses.environmentId))
    .limit(limit);
  return onDatabase(() => query.all());
}

/** All environments, those with most to see to first. */
export async function listWorst(deps: Directory, limit: number): Promise<PulseRow[]> {
  const gaveUp = sql`${pulses.deadEvents} + ${pulses.deadWork} + ${pulses.failedDeliveries}
    + ${pulses.failingDestinations}`;
  const query = deps.directory
    .select()
    .from(pulses)
    .orderBy(desc(gaveUp), desc(pulses.waitingWork), desc(pulses.bytes), asc(pulses.environmentId))
    .limit(limit);
  return onDatabase(() => query.all());
}

/** Environments whose ledger should have stirred by itself minutes ago and did not, the longest overdue first. */
export async function listOverdue(deps: Directory, limit: number, nowMs: number): Promise<PulseRow[]> {
  const query = deps.directory
    .select()
    .from(pulses)
    .where(isOverdue(nowMs))
    .orderBy(asc(pulses.nextAlarmAtMs))
    .limit(limit);
  return onDatabase(() => query.all());
}

/** Environments whose ledger cannot be used. */
export async function listUnusable(deps: Directory, limit: number): Promise<PulseRow[]> {
  const query = deps.directory.select().from(pulses).where(isUnusable).orderBy(asc(pulses.environmentId));
  return onDatabase(() => query.limit(limit).all());
}

export async function countUnusable(deps: Directory): Promise<number> {
  const query = deps.directory.select({ unusable: count() }).from(pulses).where(isUnusable);
  const [row] = await onDatabase(() => query.all());
  return row?.unusable ?? 0;
}

/** Environments of which a budget is nearly or wholly used up, as their ledgers last told. */
export async function listNearBudget(
  deps: Directory,
  limit: number,
  nowMs: number,
): Promise<(Scope & { budgets: ToldBudget[] })[]> {
  const query = deps.directory.select().from(pulses).where(hasNearBudget).orderBy(asc(pulses.environmentId));
  const rows = await onDatabase(() => query.limit(limit).all());
  return rows.flatMap(({ tenantId, environmentId, budgets: text }) => {
    const budgets = readToldBudgets(text, nowMs);
    return budgets.length > 0 ? [{ tenantId, environmentId, budgets }] : [];
  });
}

// In the words of their partial indexes, or SQLite would not use them.
const isUnusable = sql`ledger_error IS NOT NULL`;
const hasNearBudget = sql`budgets <> '{}'`;

// An alarm that fails is tried again by itself, and a ledger tells of itself once a minute.
const OVERDUE_MS = 5 * 60_000;

function isOverdue(nowMs: number) {
  return lt(pulses.nextAlarmAtMs, nowMs - OVERDUE_MS);
}
