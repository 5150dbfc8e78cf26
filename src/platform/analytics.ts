// Data points for Workers Analytics Engine: for queries over all tenants, at no cost to the database. They are
// a copy that may lack some; what counts is in the tables. A point that cannot be written fails nothing.

import type { Scope } from "./deps.ts";
import { errorText, type Logger } from "./logger.ts";

export type DataPoint =
  | { kind: "webhook_event"; type: string; status: string; reason: string | null; lagMs: number }
  | { kind: "payment"; status: string; currency: string; method: string | null; amountMinor: number }
  /** Of nobody's environment where it is about no mail of ours. */
  | { kind: "mail_report"; provider: string; what: string; outcome: string };

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
          blobs: [point.kind, tenantId, environmentId, ...blobsOf(point)],
          doubles: [numberOf(point)],
        });
      } catch (error) {
        log.warn("data point not written", { kind: point.kind, error: errorText(error) });
      }
    },
  };
}

/** blob4 to blob6, after kind, tenant and environment. */
function blobsOf(point: DataPoint): string[] {
  switch (point.kind) {
    case "payment":
      return [point.status, point.currency, point.method ?? ""];
    case "webhook_event":
      return [point.status, point.type, point.reason ?? ""];
    case "mail_report":
      return [point.outcome, point.what, point.provider];
  }
}

function numberOf(point: DataPoint): number {
  if (point.kind === "payment") return point.amountMinor;
  return point.kind === "webhook_event" ? point.lagMs : 1;
}
