// The options of an environment: how its payment links look and what its mails say. Kept as the difference
// from the defaults, under the names that the API gives them; `null` in a change is the default again.

import type * as z from "zod";
import type { KeyPrincipal } from "../http/app-env.ts";
import { ledger } from "../ledger/client.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import { type EnvironmentSettings, readStored } from "../platform/environment-settings.ts";
import type { settingsBody } from "./environment-settings-schema.ts";
import { noteSecurity } from "./security-log.ts";

export type SettingsWithTime = { settings: EnvironmentSettings; updatedAtMs: number };

/** @throws AppError `not_found` when there is no such environment */
export async function getSettings(deps: Deps, scope: Scope): Promise<SettingsWithTime> {
  return withDefaults(await ledger(deps, scope).readSettings({}));
}

/** Changes what is named and nothing else. @throws AppError `not_found` */
export async function updateSettings(
  deps: Deps,
  { scope, keyId }: Pick<KeyPrincipal, "scope" | "keyId">,
  change: z.infer<typeof settingsBody>,
): Promise<SettingsWithTime> {
  const changed = await ledger(deps, scope).changeSettings(change);
  const { changes: detail } = changed;
  if (Object.keys(detail).length > 0)
    await noteSecurity(deps, { event: "settings.changed", outcome: "ok", scope, keyId, detail });
  return withDefaults(changed);
}

function withDefaults(stored: { settings: Record<string, unknown>; updatedAtMs: number }): SettingsWithTime {
  return { settings: readStored(stored.settings), updatedAtMs: stored.updatedAtMs };
}
