// Whether the queues are served, for /readyz: a deployment that takes calls and never does their work is not ready.
// A dead-letter queue cannot be asked: the Worker has no binding that sends to it.

import { findUnservedQueues } from "./directory/queue-runs.ts";
import type { ReadinessCheck } from "./health.ts";
import type { Deps } from "./platform/deps.ts";
import { QUEUE_BINDINGS, QUEUE_KINDS } from "./platform/jobs.ts";

const name = "queues";

/** Never throws. */
export async function queuesCheck(deps: Deps): Promise<ReadinessCheck> {
  try {
    const { unserved, unknown, untried } = await findUnservedQueues(deps);
    const faults = [
      ...unserved.map(
        ({ kind, sinceMs }) =>
          `Nothing has come from the queue that ${QUEUE_BINDINGS[kind]} sends to since ${new Date(sinceMs).toISOString()}: ` +
          `give that queue a consumer in wrangler.toml, and a name that ends in -${kind}.`,
      ),
      ...unknown.map(
        (queue) =>
          `The queue '${queue}' brings messages that no consumer is for: its name must end in ` +
          `${QUEUE_KINDS.map((kind) => `-${kind}`).join(", ")}, or one of these and -dead.`,
      ),
    ];
    if (faults.length > 0) return { name, ok: false, detail: faults.join(" ") };
    const known =
      untried.length === 0 ? "Served." : `Not known yet of ${untried.join(", ")}: cron asks them.`;
    return { name, ok: true, detail: `${known} Dead-letter queues cannot be asked.` };
  } catch {
    return { name, ok: false, detail: "What is known of the queues could not be read." };
  }
}
