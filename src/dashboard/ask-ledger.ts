// All that a page shows of its environment, by one call of its ledger: what the page itself reads, and beside it what
// the frame of every page needs. The connection lies in the directory and is read meanwhile.

import type { DescribedConnection } from "../connections/describe-connections.ts";
import { toConnection } from "../connections/render-connection.ts";
import { findLiveConnection } from "../connections/store.ts";
import { findIssues, type Issue } from "../issues/find-issues.ts";
import type { Attention } from "../ledger/attention/read-attention.ts";
import type { LastArrivals } from "../ledger/events/read-events.ts";
import type { Names } from "../ledger/read-many.ts";
import type { StoredSettings } from "../ledger/settings/settings.ts";
import type { Input, Output, ReadName } from "../ledger/verbs.ts";
import { readStored } from "../platform/environment-settings.ts";
import { type DashboardContext, sessionLedger } from "./dashboard-env.ts";

/** A read of the ledger and what it is asked: `["listInvoices", { filter: {}, page }]`. */
export type Read = { [Name in ReadName]: readonly [Name, Input<Name>] }[ReadName];
export type Reads = Readonly<Record<string, Read>>;
export type PageAnswers<R extends Reads> = { [Name in keyof R]: Output<R[Name][0]> } & {
  /** Of the customers and invoices that the rows name, by id. */
  names: Names;
};

/** What the frame of every page shows of the environment at this moment. */
export type Surroundings = {
  /** Null: there is none, or only disconnected ones. */
  connection: DescribedConnection | null;
  attention: Attention;
  issues: readonly Issue[];
  arrivals: LastArrivals;
};

/** @throws AppError what any of the reads throws */
export async function askLedger<const R extends Reads>(
  c: DashboardContext,
  reads: R,
): Promise<PageAnswers<R>> {
  const deps = c.get("deps");
  const [{ values, names }, stored] = await Promise.all([
    sessionLedger(c).readMany({ reads: { ...reads, ...BESIDE } }),
    findLiveConnection(deps, c.get("session").principal.scope),
  ]);
  const { attention, arrivals, settings } = values as Beside;
  const connection = stored ? toConnection(stored, deps, arrivals) : null;
  const issues = findIssues({ connection, attention, nowMs: deps.now() });
  c.set("surroundings", { connection, attention, issues, arrivals });
  c.set("timeZone", readStored(settings.settings).time_zone);
  return { ...values, names } as PageAnswers<R>;
}

/** Those of a page that asked its ledger; another asks now. */
export async function surroundingsOf(c: DashboardContext): Promise<Surroundings> {
  const known = c.get("surroundings") as Surroundings | undefined;
  if (known !== undefined) return known;
  await askLedger(c, {});
  return c.get("surroundings");
}

type Beside = { attention: Attention; arrivals: LastArrivals; settings: StoredSettings };
const BESIDE = {
  attention: ["readAttention", {}],
  arrivals: ["findLastArrivals", {}],
  settings: ["readSettings", {}],
} as const satisfies Reads;
