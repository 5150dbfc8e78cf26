// What the webhook door reads of an environment's connection: all that a signature is checked with, in one statement.

import type { SealedRow } from "../directory/secret-store.ts";
import { onDatabase } from "../platform/commit.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import type { ConnectionRow } from "./store.ts";

/** What the webhook door needs of a live connection, with its signing secrets, all still sealed. */
export type ListeningConnection = Pick<
  ConnectionRow,
  "id" | "jurisdiction" | "isActive" | "livemode" | "accountId"
> & { secrets: SealedRow[] };

type ListeningRow = {
  id: string;
  jurisdiction: ConnectionRow["jurisdiction"];
  is_active: number;
  livemode: number;
  account_id: string;
  field: "webhook_secret" | "thin_webhook_secret" | null;
  version: number | null;
  key_id: string;
  iv: string;
  ciphertext: string;
  expires_at_ms: number | null;
};

// One statement and no query builder: an environment's first webhook in each isolate waits for it.
const LISTENING = `SELECT c.id, c.jurisdiction, c.is_active, c.livemode, c.account_id,
    s.field, s.version, s.key_id, s.iv, s.ciphertext, s.expires_at_ms
  FROM connections AS c LEFT JOIN secrets AS s
    ON s.environment_id = c.environment_id AND s.owner_id = c.id
      AND s.field IN ('webhook_secret', 'thin_webhook_secret')
  WHERE c.environment_id = ? AND c.tenant_id = ? AND c.disconnected_at_ms IS NULL`;

/** Of the environment's one connection that is not disconnected. */
export async function findListeningConnection(
  deps: Deps,
  { tenantId, environmentId }: Scope,
): Promise<ListeningConnection | undefined> {
  const query = deps.directory.$client.prepare(LISTENING).bind(environmentId, tenantId);
  const { results } = await onDatabase(() => query.all<ListeningRow>());
  const [row] = results;
  if (!row) return undefined;
  const { id, jurisdiction, account_id: accountId } = row;
  const place = { tenantId, environmentId, ownerId: id };
  const secrets = results.flatMap(
    ({ field, version, key_id: keyId, iv, ciphertext, expires_at_ms: expiresAtMs }) =>
      field === null || version === null
        ? []
        : { ...place, field, version, keyId, iv, ciphertext, expiresAtMs },
  );
  return {
    id,
    jurisdiction,
    accountId,
    isActive: row.is_active === 1,
    livemode: row.livemode === 1,
    secrets,
  };
}
