// Data points for Workers Analytics Engine: for queries over all tenants, at no cost to the database. They are
// a copy that may lack some; what counts is in the tables. A point that cannot be written fails nothing.

import type { Scope } from "./deps.ts";
import { errorText, type Logger } from "./logger.ts";

export type DataPoint =
  | { kind: "webhook_event"; type: string; status: string; reason: string | null; lagMs: number }
  | { kind: "payment"; status: string; currency: string; method: string | null; amountMinor: number };

export type Analytics = {
  /** Never throws. */
  write: (scope: Scope, point: DataPoint) => void;
};

// The longest index that is taken (https://developers.cloudflare.com/analytics/analytics-engine/limits/).
const INDEX_BYTES = 96;

/** Null where there is no binding. */
export function createAnalytics(binding: AnalyticsEngineDataset | undefined, log: Logger): Analytics | null {
  if (!binding) return null;
  return {
    write(scope, point) {
      try {
        binding.writeDataPoint({
          indexes: [scope.environmentId.slice(0, INDEX_BYTES)],
          blobs: [point.kind, scope.tenantId, scope.environmentId, ...blobsOf(point)],
          doubles: [point.kind === "payment" ? point.amountMinor : point.lagMs],
        });
      } catch (error) {
        log.warn("data point not written", { kind: point.kind, error: errorText(error) });
      }
    },
  };
}

/** blob4 to blob6, after kind, tenant and environment. */
function blobsOf(point: DataPoint): string[] {
  return point.kind === "payment"
    ? [point.status, point.currency, point.method ?? ""]
    : [point.status, point.type, point.reason ?? ""];
}
