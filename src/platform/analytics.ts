// Data points for Workers Analytics Engine: for queries over all tenants, at no cost to the database. They are
// a copy that may lack some; what counts is in the tables. A point that cannot be written fails nothing.

import type { Scope } from "./deps.ts";
import { errorText, type Logger } from "./logger.ts";

export type DataPoint =
  | { kind: "webhook_event"; type: string; status: string; reason: string | null; lagMs: number }
  | { kind: "payment"; status: string; currency: string; method: string | null; amountMinor: number }
  /** Of nobody's environment where it is about no mail of ours. */
  | { kind: "mail_report"; provider: string; what: string; outcome: string };

/** What stands in the columns of a kind; blob1 to blob3 are kind, tenant and environment for every one. */
export const COLUMNS = {
  webhook_event: { blob4: "status", blob5: "type", blob6: "reason", double1: "lag_ms" },
  payment: { blob4: "status", blob5: "currency", blob6: "method", double1: "amount" },
  mail_report: { blob4: "outcome", blob5: "what", blob6: "provider", double1: "reports" },
} as const satisfies Record<DataPoint["kind"], Record<string, string>>;

export const COMMON_COLUMNS = { blob1: "kind", blob2: "tenant", blob3: "environment" } as const;

export type Analytics = {
  /** Never throws. */
  write: (scope: Scope | null, point: DataPoint) => void;
};

// The longest index that is taken (https://developers.cloudflare.com/analytics/analytics-engine/limits/).
const INDEX_BYTES = 96;

/** Null where there is no binding. */
export function createAnalytics(binding: AnalyticsEngineDataset | undefined, log: Logger): Analytics | null {
  if (!binding) return null;
  return {
    write(scope, point) {
      const { tenantId, environmentId } = scope ?? { tenantId: "", environmentId: "" };
      try {
        binding.writeDataPoint({
          indexes: [environmentId.slice(0, INDEX_BYTES)],
          // blob1 to blob3, alike for all kinds.
          blobs: [point.kind, tenantId, environmentId, ...blobsOf(point)],
          doubles: [numberOf(point)],
        });
      } catch (error) {
        log.warn("data point not written", { kind: point.kind, error: errorText(error) });
      }
    },
  };
}

const OWN_BLOBS = ["blob4", "blob5", "blob6"] as const;

function blobsOf(point: DataPoint): string[] {
  return OWN_BLOBS.map((column) => String(valuesOf(point)[COLUMNS[point.kind][column]] ?? ""));
}

function numberOf(point: DataPoint): number {
  return Number(valuesOf(point)[COLUMNS[point.kind].double1]);
}

/** What each kind tells, by the names of {@link COLUMNS}. */
function valuesOf(point: DataPoint): Record<string, string | number | null> {
  switch (point.kind) {
    case "payment":
      return {
        status: point.status,
        currency: point.currency,
        method: point.method,
        amount: point.amountMinor,
      };
    case "webhook_event":
      return { status: point.status, type: point.type, reason: point.reason, lag_ms: point.lagMs };
    case "mail_report":
      return { outcome: point.outcome, what: point.what, provider: point.provider, reports: 1 };
  }
}
