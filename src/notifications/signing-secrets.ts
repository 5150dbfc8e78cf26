// The secrets that sign an event destination's messages; they lie in the directory, sealed.

import { and, eq } from "drizzle-orm";
import { secrets } from "../directory/connection-tables.ts";
import { openSecret, type SecretRow, validSecrets } from "../directory/secret-store.ts";
import { onDatabase } from "../platform/commit.ts";
import type { Deps, Scope } from "../platform/deps.ts";

/** A destination's secrets that sign at this moment, newest first. */
export async function findSigningSecrets(deps: Deps, scope: Scope, id: string): Promise<SecretRow[]> {
  const mine = and(eq(secrets.environmentId, scope.environmentId), eq(secrets.ownerId, id));
  const rows = await onDatabase(() => deps.directory.select().from(secrets).where(mine).all());
  return validSecrets(rows, "signing_secret", deps.now());
}

/** The same in clear. @throws AppError `secret_unreadable` */
export async function openSigningSecrets(deps: Deps, scope: Scope, id: string): Promise<string[]> {
  const rows = await findSigningSecrets(deps, scope, id);
  return Promise.all(rows.map((row) => openSecret(deps, row)));
}

/** The version of a destination's present secret; 0 where it has none. */
export async function presentSecretVersion(deps: Deps, scope: Scope, id: string): Promise<number> {
  const [present] = await findSigningSecrets(deps, scope, id);
  return present?.version ?? 0;
}
