// The shipped Worker's handlers, called as Cloudflare calls them: HTTP, a queue's batch, the cron. Each call is
// an invocation with bindings of its own, and may die in the middle.

import worker from "../../src/index.ts";
import { createInvocation, type Invocation, type Sent } from "./faults-bindings.ts";
import type { Part, Plan } from "./faults-plan.ts";
import type { Scene } from "./faults-scene.ts";

// As wrangler.toml has it.
const MAX_RETRIES = 20;
// A message that nobody acknowledged comes again after its visibility timeout.
const UNACKNOWLEDGED_MS = 30_000;

let sent = 0;

async function invoke<T>(
  scene: Scene,
  part: Part,
  plan: Plan,
  run: (invocation: Invocation) => Promise<T>,
): Promise<T | "died"> {
  // A late message of an invocation that died is of its own moment.
  const { moment } = scene;
  const enqueue = ({ queue, body, delaySeconds }: Sent) => {
    sent += 1;
    moment.messages.push({
      id: `m${sent}`,
      queue,
      body,
      attempts: 1,
      dueMs: moment.nowMs + delaySeconds * 1000,
    });
  };
  const invocation = createInvocation(part, plan, enqueue);
  scene.current = invocation;
  return Promise.race([run(invocation), invocation.died]);
}

export async function request(
  scene: Scene,
  part: "api" | "door",
  plan: Plan,
  asked: Request,
): Promise<Response | "died"> {
  return invoke(scene, part, plan, async (invocation) => {
    const after: Promise<unknown>[] = [];
    const context = { waitUntil: (work: Promise<unknown>) => after.push(work), passThroughOnException() {} };
    const response = await worker.fetch(asked, invocation.env, context as unknown as ExecutionContext);
    await Promise.all(after);
    return response;
  });
}

/**
 * Hands messages of one queue over as one batch, and takes back those that are to come again.
 * @param diesAt the isolate dies when so many of them are acknowledged
 */
export async function handOver(
  scene: Scene,
  queue: string,
  messages: Scene["moment"]["messages"],
  plan: Plan,
  diesAt = 0,
): Promise<void> {
  const part = queue.replace(/^quittance-|-dead$/g, "") as Part;
  if (part === "stripe-events") scene.batchSizes.push(messages.length);
  const retried = new Map<string, number>();
  let acknowledged = 0;
  const handed = messages.map(({ id, body, attempts }) => ({
    id,
    body,
    attempts,
    timestamp: new Date(scene.moment.nowMs),
    ack() {
      acknowledged += 1;
      if (acknowledged === diesAt) scene.current?.die();
    },
    retry: ({ delaySeconds = 0 } = {}) => void retried.set(id, delaySeconds * 1000),
  }));
  const batch = { queue, messages: handed, ackAll() {}, retryAll() {} } as unknown as MessageBatch<unknown>;
  const ended = await invoke(scene, part, plan, (invocation) => worker.queue(batch, invocation.env));
  // The acknowledgements of an invocation that died went with it. What one that ended has not asked for
  // again counts as acknowledged.
  const again = ended === "died" ? messages : messages.filter(({ id }) => retried.has(id));
  for (const message of again) {
    const isLast = message.attempts > MAX_RETRIES && !queue.endsWith("-dead");
    const delayMs = ended === "died" ? UNACKNOWLEDGED_MS : (retried.get(message.id) ?? 0);
    const next = isLast ? { queue: `${queue}-dead`, attempts: 1 } : { attempts: message.attempts + 1 };
    scene.moment.messages.push({ ...message, ...next, dueMs: scene.moment.nowMs + delayMs });
  }
}

/** One minute's cron, or several at once. */
export async function cron(scene: Scene, plan: Plan, atOnce: number): Promise<void> {
  const controller = { scheduledTime: scene.moment.nowMs, cron: "* * * * *", noRetry() {} };
  const runs = Array.from({ length: atOnce }, () =>
    invoke(scene, "cron", plan, async (invocation) => worker.scheduled(controller, invocation.env)),
  );
  // A run that failed is shown as failed; the next minute's tries again.
  await Promise.allSettled(runs);
}
