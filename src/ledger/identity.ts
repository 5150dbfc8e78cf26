// Whose ledger it is: written once, when the directory provisions it.

import { type Jurisdiction, type Scope, toScope } from "../platform/scope.ts";
import type { Sql } from "./sql.ts";

/** As the directory says. */
export type Identity = Scope & { livemode: boolean };

/** @param nowMs from when on its settings are the defaults */
export function writeIdentity(sql: Sql, identity: Identity, nowMs: number): void {
  sql.run(
    `INSERT INTO environment (one, tenant_id, environment_id, jurisdiction, livemode, settings_updated_at_ms)
     VALUES (1, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
    identity.tenantId,
    identity.environmentId,
    identity.jurisdiction ?? null,
    identity.livemode ? 1 : 0,
    nowMs,
  );
}

/** Null where it was never provisioned. */
export function readIdentity(sql: Sql): Identity | null {
  const row = sql.first<{
    tenant_id: string;
    environment_id: string;
    jurisdiction: Jurisdiction | null;
    livemode: number;
  }>("SELECT tenant_id, environment_id, jurisdiction, livemode FROM environment");
  if (!row) return null;
  const { tenant_id: tenantId, environment_id: environmentId, jurisdiction } = row;
  return { ...toScope({ tenantId, environmentId, jurisdiction }), livemode: row.livemode === 1 };
}
