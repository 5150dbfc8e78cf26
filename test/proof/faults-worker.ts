// The shipped Worker's handlers, called as Cloudflare calls them: HTTP, a queue's batch, the cron. Each call is
// an invocation with bindings of its own, and may die in the middle.

import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { forgetCached } from "../../src/connections/open-connection.ts";
import worker from "../../src/index.ts";
import { ledgerName } from "../../src/ledger/client.ts";
import type { Scope } from "../../src/platform/deps.ts";
import { createInvocation, type Invocation } from "./faults-bindings.ts";
import { calm, type Part, type Plan } from "./faults-plan.ts";
import { enqueue, type Scene } from "./faults-scene.ts";
import type { Run } from "./faults-simulation.ts";

// As wrangler.toml has it.
const MAX_RETRIES = 20;
// A message that nobody acknowledged comes again after its visibility timeout.
const UNACKNOWLEDGED_MS = 30_000;

async function invoke<T>(
  scene: Scene,
  part: Part,
  plan: Plan,
  run: (invocation: Invocation) => Promise<T>,
): Promise<T | "died"> {
  // A late message of an invocation that died is of its own moment.
  const { moment } = scene;
  const invocation = createInvocation(part, plan, scene.settings, (sent) => enqueue(moment, sent));
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
 * @param diesAt at which message of which batch the isolate dies
 */
export async function handOver(
  scene: Scene,
  queue: string,
  messages: Scene["moment"]["messages"],
  plan: Plan,
  diesAt?: Run["diesAt"],
): Promise<void> {
  const part = queue.replace(/^quittance-|-dead$/g, "") as Part;
  const isSuch = (one: { queue: string; size: number }) =>
    one.queue === diesAt?.queue && one.size === diesAt.of;
  const isMeant = !scene.batches.some(isSuch) && isSuch({ queue: part, size: messages.length });
  scene.batches.push({ queue: part, size: messages.length });
  // The first call decides, as Cloudflare has it: a message that was acknowledged is not retried.
  const settled = new Map<string, { retryMs: number | null }>();
  let acknowledged = 0;
  const settle = (id: string, retryMs: number | null) => {
    if (scene.current?.isDead()) return false;
    if (!settled.has(id)) settled.set(id, { retryMs });
    return true;
  };
  const handed = messages.map(({ id, body, attempts }) => ({
    id,
    body,
    attempts,
    timestamp: new Date(scene.moment.nowMs),
    ack() {
      if (settle(id, null)) acknowledged += 1;
      if (isMeant && acknowledged === diesAt?.message) scene.current?.die();
    },
    retry: ({ delaySeconds = 0 } = {}) => void settle(id, delaySeconds * 1000),
  }));
  const batch = { queue, messages: handed, ackAll() {}, retryAll() {} } as unknown as MessageBatch<unknown>;
  const ended = await invoke(scene, part, plan, (invocation) => worker.queue(batch, invocation.env));
  for (const message of messages) {
    const call = settled.get(message.id);
    // An invocation that ends without a word about a message has acknowledged it.
    const acknowledges =
      ended === "died" ? diesAt?.acksStand && call?.retryMs === null : (call?.retryMs ?? null) === null;
    if (acknowledges) continue;
    const isLast = message.attempts > MAX_RETRIES && !queue.endsWith("-dead");
    const delayMs = ended === "died" ? UNACKNOWLEDGED_MS : (call?.retryMs ?? 0);
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

/** When the ledger's alarm rings, ms; infinity for never. */
export async function alarmAtMs(scope: Scope): Promise<number> {
  const stub = env.LEDGER.getByName(ledgerName(scope));
  const atMs = await runInDurableObject(stub, (_, { storage }) => storage.getAlarm());
  return atMs ?? Number.POSITIVE_INFINITY;
}

export async function ring(scene: Scene, scope: Scope, plan: Plan): Promise<void> {
  scene.alarmPlan = plan;
  try {
    await runDurableObjectAlarm(env.LEDGER.getByName(ledgerName(scope)));
  } finally {
    scene.alarmPlan = calm;
  }
}

/**
 * The isolate and the ledger as ones that have just begun: what they held in memory, and its alarm, are of another
 * moment.
 * @param atMs when its alarm is to ring, ms; null for never
 */
export async function beginAnew(scope: Scope, atMs: number | null): Promise<void> {
  forgetCached(scope);
  const stub = env.LEDGER.getByName(ledgerName(scope));
  await runInDurableObject(stub, (_, { storage }) =>
    atMs === null ? storage.deleteAlarm() : storage.setAlarm(atMs),
  );
  await evictDurableObject(stub);
}
