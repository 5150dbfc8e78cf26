// Event destinations that do not take what they are sent: the platform is then not told of everything. Pure.

import type { FailingDestination } from "../ledger/attention/read-attention.ts";
import type { Issue } from "./find-issues.ts";
import { counted } from "./issue-words.ts";

export function destinationIssues(destinations: readonly FailingDestination[]): Issue[] {
  return destinations.map((destination) => {
    const { id, url, failingSinceMs, disabledReason, failedDeliveries: failed, updatedAtMs } = destination;
    const path = `/event-destinations/${encodeURIComponent(id)}`;
    const kept = failed === 0 ? "" : ` ${counted(failed, "message")} can be sent again once it works.`;
    const common = { sinceMs: failingSinceMs ?? updatedAtMs, count: Math.max(failed, 1) };
    if (disabledReason !== null) {
      return {
        ...common,
        code: "destination_switched_off",
        severity: "critical",
        title: `The event destination ${url} was switched off.`,
        detail: `${disabledReason} What came up since then was kept.${kept}`,
        action: { words: "Switch on again", path },
      };
    }
    if (failingSinceMs !== null) {
      return {
        ...common,
        code: "destination_failing",
        severity: "critical",
        title: `The event destination ${url} does not take what it is sent.`,
        detail: `Your platform is not told of everything. It is tried again by itself for over a day.${kept}`,
        action: { words: "See what it answers", path },
      };
    }
    return {
      ...common,
      code: "deliveries_failed",
      severity: "warning",
      title: `${counted(failed, "message")} to ${url} ${failed === 1 ? "was" : "were"} not taken.`,
      detail: "The destination works again. Your platform has not heard of these yet.",
      action: { words: "Send again", path: `${path}/recover` },
    };
  });
}
