// What an environment may use and has used: kept and counted in its ledger, but for API keys, which lie here.

import { and, count, eq, gt, isNull, or } from "drizzle-orm";
import type * as z from "zod";
import type { BudgetGauge } from "../ledger/budgets/read-budgets.ts";
import { ledger } from "../ledger/client.ts";
import { FEW_API_KEYS, overBudget } from "../platform/budgets.ts";
import { onDatabase } from "../platform/commit.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import { toScope } from "../platform/scope.ts";
import type { budgetsBody } from "./budgets-schema.ts";
import { getEnvironment } from "./manage-tenants.ts";
import { noteSecurity } from "./security-log.ts";
import { apiKeys } from "./tables.ts";

export type BudgetUse = { gauges: BudgetGauge[]; apiKeys: number };

export async function readBudgetUse(deps: Deps, scope: Scope): Promise<BudgetUse> {
  const [gauges, apiKeys] = await Promise.all([
    ledger(deps, scope).readBudgets({}),
    countApiKeys(deps, scope),
  ]);
  return { gauges, apiKeys };
}

/** For root. @throws AppError `not_found` */
export async function setBudgets(
  deps: Deps,
  given: Scope,
  change: z.infer<typeof budgetsBody>,
): Promise<BudgetUse> {
  const scope = await placeOfEnvironment(deps, given);
  const { detail, gauges } = await ledger(deps, scope).changeBudgets({ change });
  if (Object.keys(detail).length > 0)
    await noteSecurity(deps, { event: "settings.changed", outcome: "ok", scope, detail });
  return { gauges, apiKeys: await countApiKeys(deps, scope) };
}

/** With its jurisdiction, by which its ledger is found. @throws AppError `not_found` */
export async function placeOfEnvironment(deps: Deps, { tenantId, environmentId }: Scope): Promise<Scope> {
  const { jurisdiction } = await getEnvironment(deps, { tenantId, environmentId });
  return toScope({ tenantId, environmentId, jurisdiction });
}

/** Of two calls at the same moment both may be let in. @throws AppError `conflict` where there are as many as may be */
export async function requireRoomForKey(deps: Deps, scope: Scope): Promise<void> {
  const inUse = await countApiKeys(deps, scope);
  if (inUse < FEW_API_KEYS) return;
  const gauges = await ledger(deps, scope).readBudgets({});
  const most = gauges.find(({ name }) => name === "api_keys")?.most ?? Number.POSITIVE_INFINITY;
  if (inUse >= most) throw overBudget({ name: "api_keys", most, freeAtMs: null }, deps.now(), "conflict");
}

/** Those in use: neither revoked nor expired. */
export async function countApiKeys(deps: Deps, { environmentId }: Scope): Promise<number> {
  const query = deps.directory
    .select({ inUse: count() })
    .from(apiKeys)
    .where(
      and(
        eq(apiKeys.environmentId, environmentId),
        isNull(apiKeys.revokedAtMs),
        or(isNull(apiKeys.expiresAtMs), gt(apiKeys.expiresAtMs, deps.now())),
      ),
    );
  const [row] = await onDatabase(() => query.all());
  return row?.inUse ?? 0;
}
