// The shipped Worker, whole, in simulated time: its handlers for HTTP, queues and cron, driven as Cloudflare,
// Stripe and the platform drive them. Whatever goes wrong is tried again by whoever would do so in the world.

import { env } from "cloudflare:workers";
import type Stripe from "stripe";
import { vi } from "vitest";
import { STRIPE_EVENT_TYPE_NAMES } from "../../src/connections/stripe-event-types.ts";
import worker from "../../src/index.ts";
import { ORIGIN } from "../harness/api.ts";
import { sandbox } from "../harness/sandbox.ts";
import { eventsOf, signatureFor } from "../harness/stripe-delivery.ts";
import type { TestWorld } from "../harness/world.ts";
import { createInvocation, type Invocation, never, type Sent } from "./faults-bindings.ts";
import { calm, type Part, type Plan } from "./faults-plan.ts";

/** A call of the platform's: sent again, with the same Idempotency-Key, until it is answered for good. */
export type PlatformCall = { path: string; body?: unknown };

type Entry = { id: string; queue: string; body: unknown; attempts: number; dueMs: number };
type Delivery = { eventId: string; dueMs: number; attempts: number };

/** All that the world around the Worker keeps; plain data, so that a story can begin at any moment. */
export type Moment = { nowMs: number; entries: Entry[]; deliveries: Delivery[]; eventsSeen: number };

export type Run = {
  plan?: Plan;
  calls?: readonly PlatformCall[];
  /** False: Stripe's webhooks go nowhere, as with an endpoint that is off. */
  webhooks?: boolean;
  /** The types that the endpoint at Stripe is for; left out: all that Quittance uses. */
  eventTypes?: readonly string[];
  /** How often the platform runs the same minute's cron at once. */
  cronsAtOnce?: number;
  /** How many messages a queue hands over at once; ten unless said otherwise. */
  batchSize?: number;
  /** The isolate dies when the k-th message of the first batch of such a part is acknowledged. */
  diesAtMessage?: { k: number; parts: readonly Part[] };
  /** After this many simulated minutes it must have come to rest. */
  minutes?: number;
  /** How far apart the crons are; a minute unless said otherwise. */
  stepMinutes?: number;
};

const MINUTE_MS = 60_000;
// As wrangler.toml has them.
const MAX_RETRIES = 20;
// An unacknowledged message comes again after its visibility timeout.
const UNACKNOWLEDGED_MS = 30_000;
const STRIPE_ORIGIN = "http://stripe.sandbox";
const STRIPE_TIMEOUT_MS = 10_000;

export type StripeCall = { atMs: number; call: string; trouble: string | null };

/** @param world its environment is the only one that anything happens in */
export function createSimulation(world: TestWorld) {
  let moment: Moment = { nowMs: Date.now(), entries: [], deliveries: [], eventsSeen: 0 };
  let current: Invocation | null = null;
  let sequence = 0;
  const stripeCalls: StripeCall[] = [];
  const batchSizes: number[] = [];
  const outside = globalThis.fetch;

  function setNow(nowMs: number): void {
    moment.nowMs = nowMs;
    vi.setSystemTime(nowMs);
  }

  /** Takes the clock, the timers and the way to Stripe into the simulation's hands. */
  function start(): void {
    vi.useFakeTimers({ toFake: ["Date"], now: moment.nowMs });
    globalThis.fetch = async (input, init) => {
      const request = new Request(input, init);
      return request.url.startsWith(STRIPE_ORIGIN) ? askStripe(request) : outside(request);
    };
    // What only waits, waits no longer than it must: the clock is simulated.
    const realTimeout = globalThis.setTimeout;
    vi.stubGlobal("setTimeout", (run: () => void, ms = 0) => realTimeout(run, ms < 1_000 ? 0 : ms));
    // Thousands of failures that are meant to be are no news.
    for (const level of ["log", "warn", "error"] as const) vi.spyOn(console, level).mockImplementation(() => {});
  }

  function stop(): void {
    vi.unstubAllGlobals();
    vi.restoreAllMocks();
    globalThis.fetch = outside;
    vi.useRealTimers();
  }

  async function askStripe(request: Request): Promise<Response> {
    const invocation = current;
    if (invocation?.isDead()) return never;
    const trouble = invocation?.atStripe() ?? null;
    const { pathname } = new URL(request.url);
    stripeCalls.push({ atMs: moment.nowMs, call: `${request.method} ${pathname}`, trouble });
    if (trouble === "dies_before") invocation?.die();
    if (invocation?.isDead()) return never;
    if (trouble === "timeout") {
      setNow(moment.nowMs + STRIPE_TIMEOUT_MS);
      // What stripe-node sees of a fetch that its own time-out ended.
      throw Object.assign(new Error("The operation was aborted"), { name: "AbortError" });
    }
    const { faults } = sandbox.world;
    const fault = ["rate_limit", "server_error", "cut_before", "cut_after"] as const;
    const kind = fault.find((one) => one === trouble);
    if (kind) faults.unshift({ kind, times: 1, ...(kind === "rate_limit" && { retryAfterSeconds: 90 }) });
    try {
      const response = await sandbox.fetch(request);
      if (trouble === "dies_after") invocation?.die();
      return invocation?.isDead() ? never : response;
    } finally {
      faults.length = 0;
    }
  }

  function enqueue({ queue, body, delaySeconds }: Sent): void {
    sequence += 1;
    moment.entries.push({
      id: `m${sequence}`,
      queue,
      body,
      attempts: 1,
      dueMs: moment.nowMs + delaySeconds * 1000,
    });
  }

  /** One invocation from its beginning to its end, or to its death. */
  async function invoke<T>(
    part: Part,
    plan: Plan,
    run: (invocation: Invocation) => Promise<T>,
  ): Promise<T | "died"> {
    const invocation = createInvocation(part, plan, enqueue);
    current = invocation;
    return Promise.race([run(invocation), invocation.died]);
  }

  async function request(part: "api" | "door", plan: Plan, asked: Request): Promise<Response | "died"> {
    return invoke(part, plan, async (invocation) => {
      const after: Promise<unknown>[] = [];
      const context = { waitUntil: (work: Promise<unknown>) => after.push(work), passThroughOnException() {} };
      const response = await worker.fetch(asked, invocation.env, context as unknown as ExecutionContext);
      await Promise.all(after);
      return response;
    });
  }

  async function handOver(queue: string, entries: readonly Entry[], { plan = calm, diesAtMessage }: Run) {
    const part = queue.replace(/^quittance-|-dead$/g, "") as Part;
    const dying = diesAtMessage && diesAtMessage.parts.includes(part) && !batchSizes.length ? diesAtMessage.k : 0;
    let acknowledged = 0;
    const retried = new Map<string, number>();
    const messages = entries.map(({ id, body, attempts }) => ({
      id,
      body,
      attempts,
      timestamp: new Date(moment.nowMs),
      ack() {
        acknowledged += 1;
        if (acknowledged === dying) current?.die();
      },
      retry: ({ delaySeconds = 0 } = {}) => void retried.set(id, delaySeconds * 1000),
    }));
    const batch = { queue, messages, ackAll() {}, retryAll() {} } as unknown as MessageBatch<unknown>;
    const ended = await invoke(part, plan, (invocation) => worker.queue(batch, invocation.env));
    if (part === "stripe-events") batchSizes.push(entries.length);
    // The acknowledgements of an invocation that died went with it. What one that ended has not asked for
    // again counts as acknowledged.
    const again = ended === "died" ? entries : entries.filter(({ id }) => retried.has(id));
    for (const entry of again) {
      const isLast = entry.attempts > MAX_RETRIES && !queue.endsWith("-dead");
      const delayMs = ended === "died" ? UNACKNOWLEDGED_MS : (retried.get(entry.id) ?? 0);
      const next = isLast ? { queue: `${queue}-dead`, attempts: 1 } : { attempts: entry.attempts + 1 };
      moment.entries.push({ ...entry, ...next, dueMs: moment.nowMs + delayMs });
    }
  }

  function planWebhooks(types: readonly string[]): void {
    const events = eventsOf(world);
    const fresh = events.slice(moment.eventsSeen).filter(({ type }) => types.includes(type));
    moment.eventsSeen = events.length;
    // Stripe promises no order: here the newest comes first, so that events are ahead of what they need.
    const deliveries = fresh.map(({ id }) => ({ eventId: id, dueMs: moment.nowMs, attempts: 0 }));
    moment.deliveries.push(...deliveries.reverse());
  }

  async function sendWebhook(delivery: Delivery, plan: Plan): Promise<void> {
    const event = sandbox.world.accounts[world.accountId]?.events[delivery.eventId] as Stripe.Event;
    const body = JSON.stringify(event, null, 2);
    const signature = await signatureFor(body, world.webhookSecret);
    const headers = { "stripe-signature": signature, "content-type": "application/json" };
    const answer = await request("door", plan, new Request(world.webhookUrl, { method: "POST", headers, body }));
    if (answer !== "died" && answer.ok) return;
    const attempts = delivery.attempts + 1;
    moment.deliveries.push({ ...delivery, attempts, dueMs: moment.nowMs + 5 * MINUTE_MS * attempts });
  }

  async function cron(plan: Plan, atOnce: number): Promise<void> {
    const controller = { scheduledTime: moment.nowMs, cron: "* * * * *", noRetry() {} };
    await Promise.all(
      Array.from({ length: atOnce }, async () => {
        try {
          await invoke("cron", plan, async (invocation) => worker.scheduled(controller, invocation.env));
        } catch {
          // A run that failed is shown as failed; the next minute's tries again.
        }
      }),
    );
  }

  /** Goes on until nothing is left to do. */
  async function run(options: Run = {}): Promise<{ minutes: number }> {
    start();
    try {
      return await untilDone(options);
    } finally {
      stop();
    }
  }

  async function untilDone(options: Run): Promise<{ minutes: number }> {
    const { plan = calm, webhooks = true, cronsAtOnce = 1, minutes = 180, stepMinutes = 1 } = options;
    const { batchSize = 10 } = options;
    const eventTypes = options.eventTypes ?? STRIPE_EVENT_TYPE_NAMES;
    const startedMs = moment.nowMs;
    const calls = (options.calls ?? []).map((call, index) => ({ ...call, key: `call-${startedMs}-${index}`, dueMs: startedMs }));
    let minuteMs = startedMs + stepMinutes * MINUTE_MS;
    for (;;) {
      do {
        if (webhooks) planWebhooks(eventTypes);
      } while (await oneDue());
      const dues = [...calls.slice(0, 1), ...moment.entries, ...moment.deliveries].map(({ dueMs }) => dueMs);
      const left = dues.length > 0 ? { messages: moment.entries, calls } : await unfinishedWork(world);
      if (left === null) return { minutes: Math.ceil((moment.nowMs - startedMs) / MINUTE_MS) };
      if (moment.nowMs > startedMs + minutes * MINUTE_MS) {
        throw new Error(`It did not come to rest in ${minutes} minutes. Left: ${JSON.stringify(left)}`);
      }
      setNow(Math.max(moment.nowMs, Math.min(minuteMs, ...dues)));
      if (moment.nowMs < minuteMs) continue;
      minuteMs += stepMinutes * MINUTE_MS;
      await sandbox.settle();
      if (webhooks) planWebhooks(eventTypes);
      await cron(plan, cronsAtOnce);
    }

    async function oneDue(): Promise<boolean> {
      const [call] = calls;
      if (call && call.dueMs <= moment.nowMs) {
        if (await isAnswered(call, plan)) calls.shift();
        else call.dueMs = moment.nowMs + MINUTE_MS;
        return true;
      }
      const delivery = takeDue(moment.deliveries, 1)[0];
      if (delivery) {
        await sendWebhook(delivery, plan);
        return true;
      }
      const queue = moment.entries.find(({ dueMs }) => dueMs <= moment.nowMs)?.queue;
      if (queue === undefined) return false;
      await handOver(queue, takeDue(moment.entries, batchSize, queue), options);
      return true;
    }
  }

  async function isAnswered({ path, body, key }: PlatformCall & { key: string }, plan: Plan): Promise<boolean> {
    const headers = {
      authorization: `Bearer ${world.keys.admin}`,
      "content-type": "application/json",
      "idempotency-key": `${key}-${path}`,
    };
    const asked = new Request(`${ORIGIN}/api/v1${path}`, {
      method: "POST",
      headers,
      body: JSON.stringify(body ?? {}),
    });
    const answer = await request("api", plan, asked);
    if (answer === "died" || answer.status >= 500 || answer.status === 429) return false;
    if (answer.ok) return true;
    const { code, detail } = await answer.json<{ code: string; detail: string }>();
    if (code === "idempotency_key_in_use") return false;
    throw new Error(`${path} was refused: ${code}: ${detail}`);
  }

  function takeDue<T extends { dueMs: number; queue?: string }>(list: T[], most: number, queue?: string): T[] {
    const due = list
      .filter((item) => item.dueMs <= moment.nowMs && (queue === undefined || item.queue === queue))
      .slice(0, most);
    for (const item of due) list.splice(list.indexOf(item), 1);
    return due;
  }

  return {
    run,
    stripeCalls,
    /** Of the batches of events. */
    batchSizes,
    now: () => moment.nowMs,
    /** Time in which nothing of ours runs. */
    pass(ms: number) {
      moment.nowMs += ms;
    },
    moment: () => structuredClone(moment),
    goTo(other: Moment) {
      moment = structuredClone(other);
      stripeCalls.length = 0;
      batchSizes.length = 0;
    },
  };
}

export type Simulation = ReturnType<typeof createSimulation>;

/** What the database says is still to be done; null when it is nothing. */
async function unfinishedWork(world: TestWorld): Promise<unknown> {
  const queries = [
    "SELECT id, status FROM jobs WHERE environment_id = ? AND status IN ('pending', 'enqueued')",
    "SELECT id FROM notifications WHERE environment_id = ? AND sweep_at_ms IS NOT NULL",
    "SELECT id FROM deliveries WHERE environment_id = ? AND status = 'pending'",
  ].map((sql) => env.DB.prepare(sql).bind(world.scope.environmentId));
  const rows = (await env.DB.batch(queries)).flatMap(({ results }) => results);
  return rows.length === 0 ? null : rows;
}
