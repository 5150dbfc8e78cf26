// Whether the directory has all that this version of the Worker needs: it may have been deployed before its migrations.

import { getTableColumns, getTableName } from "drizzle-orm";
import { AppError } from "../platform/app-error.ts";
import { behindText, type Database, whatIsMissing } from "../platform/commit.ts";
import { idempotencyKeys } from "../platform/tables/calls.ts";
import { connectionNotices, connections, connectStates, secrets } from "./connection-tables.ts";
import {
  connectCounts,
  operatorTroubles,
  pulses,
  queueAsks,
  queueRuns,
  sealingKeys,
  unreadableMessages,
} from "./operator-tables.ts";
import { dashboardSessions, securityLog } from "./session-tables.ts";
import { apiKeys, directoryAuditLog, environments, tenants } from "./tables.ts";

const TABLES = [
  tenants,
  environments,
  apiKeys,
  connections,
  connectStates,
  secrets,
  connectionNotices,
  directoryAuditLog,
  idempotencyKeys,
  unreadableMessages,
  queueRuns,
  queueAsks,
  sealingKeys,
  connectCounts,
  operatorTroubles,
  pulses,
  dashboardSessions,
  securityLog,
] as const;

// Each column by its table: SQLite takes a quoted name that no column has for a text
// (https://www.sqlite.org/quirks.html#double_quoted_string_literals_are_accepted).
const PROBES = TABLES.map((table) => {
  const columns = Object.values(getTableColumns(table)).map(({ name }) => `probed.${name}`);
  return `SELECT ${columns.join(", ")} FROM ${getTableName(table)} AS probed LIMIT 0`;
});

/** The first table or column that is missing, in SQLite's words; null where all are there. @throws whatever D1 throws */
export async function findMissing(directory: Database): Promise<string | null> {
  try {
    const { $client: client } = directory;
    await client.batch(PROBES.map((probe) => client.prepare(probe)));
    return null;
  } catch (error) {
    const missing = whatIsMissing(error);
    if (missing === null) throw error;
    return missing;
  }
}

/** What nobody expected, or looks like an outage, worded as what it comes of where the directory is behind. Never throws. */
export async function explainFault(directory: Database, error: unknown): Promise<unknown> {
  if (error instanceof AppError && error.code !== "database_unavailable") return error;
  const missing = await findMissing(directory).catch(() => null);
  if (missing === null) return error;
  return new AppError("database_behind", { detail: behindText(missing), retryable: true, cause: error });
}
