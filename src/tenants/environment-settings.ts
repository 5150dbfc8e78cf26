// The options of an environment: how its payment links look and what its mails say. Kept as the difference
// from the defaults, under the names that the API gives them; `null` in a change is the default again.

import { and, eq, sql } from "drizzle-orm";
import type * as z from "zod";
import { notFound } from "../platform/app-error.ts";
import { auditEntry } from "../platform/audit.ts";
import { commit, type Database, onDatabase, type Statement } from "../platform/commit.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import { environments } from "../platform/tables/directory.ts";
import { type EnvironmentSettings, readStored, type settingsBody } from "./environment-settings-schema.ts";

export type SettingsWithTime = { settings: EnvironmentSettings; updatedAtMs: number };

/** @throws AppError `not_found` when the environment is gone */
export async function getSettings(deps: Deps, scope: Scope): Promise<SettingsWithTime> {
  const query = deps.directory
    .select({ settings: environments.settings, updatedAtMs: environments.updatedAtMs })
    .from(environments)
    .where(environmentOf(scope));
  const row = await onDatabase(() => query.get());
  if (!row) throw notFound("environment", scope.environmentId);
  return {
    settings: readStored(row.settings),
    updatedAtMs: row.updatedAtMs,
  };
}

/** Changes what is named and nothing else. @throws AppError `not_found` */
export async function updateSettings(
  deps: Deps,
  scope: Scope,
  change: z.infer<typeof settingsBody>,
): Promise<SettingsWithTime> {
  const names = Object.entries(change).flatMap(([name, value]) => (value === undefined ? [] : [name]));
  if (names.length > 0) {
    await commit(deps.directory, [
      mergeSettings(deps.directory, scope, change, deps.now()),
      auditEntry(deps.directory, deps, scope, {
        action: "settings.updated",
        object: "settings",
        objectId: scope.environmentId,
        detail: { changed: names.join(", ") },
      }),
    ]);
  }
  return getSettings(deps, scope);
}

function mergeSettings(
  database: Database,
  scope: Scope,
  change: z.infer<typeof settingsBody>,
  nowMs: number,
): Statement {
  // Merged by the database, so that two changes at once both stand. json_patch drops what is null (RFC 7396).
  return database
    .update(environments)
    .set({
      settings: sql`json_patch(${environments.settings}, ${JSON.stringify(change)})`,
      updatedAtMs: nowMs,
    })
    .where(environmentOf(scope));
}

function environmentOf(scope: Scope) {
  return and(eq(environments.id, scope.environmentId), eq(environments.tenantId, scope.tenantId));
}
