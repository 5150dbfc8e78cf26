// The shipped Worker, whole, in simulated time, driven as Cloudflare, Stripe and the platform drive it. What
// goes wrong is tried again by whoever would do so in the world, until nothing is left to do.

import { STRIPE_EVENT_TYPE_NAMES } from "../../src/connections/stripe-event-types.ts";
import { ORIGIN } from "../harness/api.ts";
import { ledgerSql } from "../harness/ledger-sql.ts";
import { sandbox } from "../harness/sandbox.ts";
import type { TestWorld } from "../harness/world.ts";
import { askPostmark, askResend, type MailProvider, mailSettings } from "./faults-mail-side.ts";
import { calm, type Plan } from "./faults-plan.ts";
import { type Moment, type Scene, setNow, within } from "./faults-scene.ts";
import { askStripe, planWebhooks, sendWebhook } from "./faults-stripe-side.ts";
import { alarmAtMs, cron, handOver, request, ring } from "./faults-worker.ts";

/** A POST of the platform's: sent again, with the same Idempotency-Key, until it is answered for good. */
export type PlatformCall = { path: string; body?: unknown };

export type Run = {
  plan?: Plan;
  calls?: readonly PlatformCall[];
  /** False: Stripe's webhooks go nowhere, as with an endpoint that is off. */
  webhooks?: boolean;
  /** The types that the endpoint at Stripe is for; left out: all that Quittance uses. */
  eventTypes?: readonly string[];
  /** Who sends the mails; Resend unless said otherwise. */
  mailProvider?: MailProvider;
  /** How often the platform runs the same minute's cron at once. */
  cronsAtOnce?: number;
  /** How many messages a queue hands over at once; ten unless said otherwise. */
  batchSize?: number;
  /** How often a queue hands each message over, in one batch: as if it had been sent so often. */
  copies?: number;
  /**
   * The isolate dies when so many messages of a queue's first batch of that size are acknowledged; these
   * acknowledgements go with it, or stand.
   */
  diesAt?: { queue: string; message: number; of: number; acksStand: boolean };
  /** After this many simulated minutes it must have come to rest; 180 unless said otherwise. */
  minutes?: number;
  /** It goes on for so long even when nothing seems left: what the cron begins comes then. */
  leastMinutes?: number;
  /** How far apart the crons are; a minute unless said otherwise. */
  stepMinutes?: number;
};

const MINUTE_MS = 60_000;
const SIDES = {
  "http://stripe.sandbox": askStripe,
  "https://api.resend.com": askResend,
  "https://api.postmarkapp.com": askPostmark,
};

/** @param world its environment is the only one that anything happens in */
export function createSimulation(world: TestWorld) {
  const moment: Moment = { nowMs: Date.now(), messages: [], webhooks: [], eventsSeen: 0, mails: [] };
  const settings = mailSettings("resend");
  const scene: Scene = { moment, settings, current: null, alarmPlan: calm, stripeCalls: [], batches: [] };
  const inside = <T>(act: () => Promise<T>) => within(scene, SIDES, act);
  return {
    /** Goes on until nothing is left to do. @returns how many simulated minutes that took */
    run(options: Run = {}): Promise<number> {
      scene.settings = mailSettings(options.mailProvider ?? "resend");
      return inside(() => untilDone(scene, world, options));
    },
    /** Something that others do, after a while in which nothing of ours runs. */
    meanwhile<T>(afterMs: number, act: () => Promise<T>): Promise<T> {
      scene.moment.nowMs += afterMs;
      return inside(act);
    },
    now: () => scene.moment.nowMs,
    mails: () => scene.moment.mails,
    stripeCalls: scene.stripeCalls,
    batchSizes: (queue: string) =>
      scene.batches.filter((batch) => batch.queue === queue).map(({ size }) => size),
    moment: () => structuredClone(scene.moment),
    goTo(other: Moment): void {
      scene.moment = structuredClone(other);
      scene.stripeCalls.length = 0;
      scene.batches.length = 0;
    },
  };
}

export type Simulation = ReturnType<typeof createSimulation>;

type WaitingCall = PlatformCall & { key: string; dueMs: number };

async function untilDone(scene: Scene, world: TestWorld, options: Run): Promise<number> {
  const { plan = calm, webhooks = true, minutes = 180, leastMinutes = 0, stepMinutes = 1 } = options;
  const { moment } = scene;
  const startedMs = moment.nowMs;
  const calls: WaitingCall[] = (options.calls ?? []).map((call, index) => ({
    ...call,
    key: `${startedMs}-${index}`,
    dueMs: startedMs,
  }));
  const eventTypes = webhooks ? (options.eventTypes ?? STRIPE_EVENT_TYPE_NAMES) : [];
  let cronMs = startedMs + stepMinutes * MINUTE_MS;
  for (;;) {
    do planWebhooks(scene, world, eventTypes);
    while (await doOneDue(scene, world, calls, options));
    // One call after the other: a platform that waits for its answers.
    const dues = [...calls.slice(0, 1), ...moment.messages, ...moment.webhooks].map(({ dueMs }) => dueMs);
    const alarmMs = await alarmAtMs(world.scope);
    const left = dues.length > 0 ? { messages: moment.messages, calls } : await unfinishedWork(world);
    const passedMs = moment.nowMs - startedMs;
    if (left === null && passedMs >= leastMinutes * MINUTE_MS) return Math.ceil(passedMs / MINUTE_MS);
    if (passedMs > minutes * MINUTE_MS) {
      throw new Error(`It did not come to rest in ${minutes} minutes. Left: ${JSON.stringify(left)}`);
    }
    setNow(scene, Math.max(moment.nowMs, Math.min(cronMs, alarmMs, ...dues)));
    if (moment.nowMs < cronMs) continue;
    cronMs += stepMinutes * MINUTE_MS;
    await sandbox.settle();
    await cron(scene, plan, options.cronsAtOnce ?? 1);
  }
}

/** @returns whether there was anything to do */
async function doOneDue(
  scene: Scene,
  world: TestWorld,
  calls: WaitingCall[],
  options: Run,
): Promise<boolean> {
  const { plan = calm, batchSize = 10, copies = 1, diesAt } = options;
  const { moment } = scene;
  const isDue = ({ dueMs }: { dueMs: number }) => dueMs <= moment.nowMs;
  const [call] = calls;
  if (call && isDue(call)) {
    if (await isAnswered(scene, world, call, plan)) calls.shift();
    else call.dueMs = moment.nowMs + MINUTE_MS;
    return true;
  }
  const webhook = moment.webhooks.find(isDue);
  if (webhook) {
    moment.webhooks.splice(moment.webhooks.indexOf(webhook), 1);
    await sendWebhook(scene, world, webhook, plan);
    return true;
  }
  const queue = moment.messages.find(isDue)?.queue;
  if (queue === undefined) {
    if ((await alarmAtMs(world.scope)) > moment.nowMs) return false;
    await ring(scene, world.scope, plan);
    return true;
  }
  const batch = moment.messages
    .filter((message) => message.queue === queue && isDue(message))
    .slice(0, batchSize);
  moment.messages = moment.messages.filter((message) => !batch.includes(message));
  const more = Array.from({ length: copies - 1 }, (_, copy) =>
    batch
      .filter(({ id }) => !id.includes("/"))
      .map((message) => ({ ...message, id: `${message.id}/${copy}` })),
  );
  const all = [...batch, ...more.flat()];
  await handOver(scene, queue, all, plan, diesAt);
  return true;
}

async function isAnswered(
  scene: Scene,
  world: TestWorld,
  { path, body, key }: WaitingCall,
  plan: Plan,
): Promise<boolean> {
  const headers = {
    authorization: `Bearer ${world.keys.admin}`,
    "content-type": "application/json",
    "idempotency-key": key,
  };
  const init = { method: "POST", headers, body: JSON.stringify(body ?? {}) };
  const answer = await request(scene, "api", plan, new Request(`${ORIGIN}/api/v1${path}`, init));
  if (answer === "died" || answer.status >= 500 || answer.status === 429) return false;
  if (answer.ok) return true;
  const { code, detail } = await answer.json<{ code: string; detail: string }>();
  if (code === "idempotency_key_in_use") return false;
  throw new Error(`${path} was refused: ${code}: ${detail}`);
}

/** What the ledger says is still to be done; null when it is nothing. */
async function unfinishedWork({ scope }: TestWorld): Promise<unknown> {
  const sql = ledgerSql(scope);
  const queries = [
    "SELECT id, attempts, error FROM outbox WHERE status = 'wanted'",
    "SELECT destination_id, seq FROM deliveries WHERE status = 'pending'",
  ].map((query) => sql.prepare(query));
  const rows = (await sql.batch(queries)).flatMap(({ results }) => results);
  return rows.length === 0 ? null : rows;
}
