// What the parts of a simulation share: the moment, and the clock, the timers and the way out of the isolate,
// which are the simulation's while it runs.

import { env } from "cloudflare:workers";
import { vi } from "vitest";
import { type Invocation, never, type Sent } from "./faults-bindings.ts";
import type { Plan, Trouble } from "./faults-plan.ts";

type Message = { id: string; queue: string; body: unknown; attempts: number; dueMs: number };
/** What a provider has taken; `key` is null where it knows none. */
export type Mailed = {
  atMs: number;
  key: string | null;
  to: string;
  subject: string;
  text: string;
  body: string;
};
export type Webhook = { eventId: string; dueMs: number; attempts: number };

/** All that the world around the Worker keeps; plain data, so that a story can begin at any moment. */
export type Moment = {
  nowMs: number;
  messages: Message[];
  webhooks: Webhook[];
  eventsSeen: number;
  /** What is in the customers' inboxes. */
  mails: Mailed[];
};

export type Scene = {
  moment: Moment;
  /** The invocation that runs now. */
  current: Invocation | null;
  /** What goes wrong while the ledger's alarm rings. */
  alarmPlan: Plan;
  /** Settings of the Worker, beside those of every test. */
  settings: Record<string, string>;
  stripeCalls: { atMs: number; call: string; trouble: string | null }[];
  /** In the order in which they were handed over. */
  batches: { queue: string; size: number }[];
};

export function setNow(scene: Scene, nowMs: number): void {
  scene.moment.nowMs = nowMs;
  vi.setSystemTime(nowMs);
}

/**
 * A call out of the isolate, which the isolate may not live to see answered.
 * @param answer what the other side does, and what of it comes back
 */
export async function callOut(
  scene: Scene,
  seam: "stripe" | "mail",
  answer: (trouble: Trouble | null) => Promise<Response>,
): Promise<Response> {
  const invocation = scene.current;
  if (invocation?.isDead()) return never;
  const trouble = invocation?.troubleAt(seam) ?? null;
  if (trouble === "dies_before") invocation?.die();
  if (invocation?.isDead()) return never;
  const answered = await answer(trouble);
  if (trouble === "dies_after") invocation?.die();
  return invocation?.isDead() ? never : answered;
}

/** @param sides who answers at which origin; all else goes where it went before */
export async function within<T>(
  scene: Scene,
  sides: Record<string, (scene: Scene, request: Request) => Promise<Response>>,
  act: () => Promise<T>,
): Promise<T> {
  const outside = globalThis.fetch;
  vi.useFakeTimers({ toFake: ["Date"], now: scene.moment.nowMs });
  globalThis.fetch = async (input, init) => {
    const request = new Request(input, init);
    return sides[new URL(request.url).origin]?.(scene, request) ?? outside(request);
  };
  // What only waits, waits no longer than it must: the clock is simulated.
  const realTimeout = globalThis.setTimeout;
  vi.stubGlobal("setTimeout", (run: () => void, ms = 0) => realTimeout(run, ms < 1_000 ? 0 : ms));
  // Thousands of failures that are meant to be are no news.
  const consoles = (["log", "warn", "error"] as const).map((level) =>
    vi.spyOn(console, level).mockImplementation(() => {}),
  );
  const queues = (["JOBS", "NOTIFICATIONS"] as const).map((name) => ofTheLedger(scene, name));
  try {
    return await act();
  } finally {
    for (const one of [...consoles, ...queues]) one.mockRestore();
    vi.unstubAllGlobals();
    globalThis.fetch = outside;
    vi.useRealTimers();
  }
}

/** A queue as the ledger itself has it, which has the Worker's own bindings. */
function ofTheLedger(scene: Scene, name: "JOBS" | "NOTIFICATIONS") {
  return vi.spyOn(env[name], "sendBatch").mockImplementation(async (messages) => {
    const trouble = scene.alarmPlan.next("queue", "alarm");
    const isLost = trouble === "throws_before" || trouble === "dies_before";
    if (!isLost) {
      const queue = `quittance-${name.toLowerCase()}`;
      for (const { body } of messages) enqueue(scene.moment, { queue, body, delaySeconds: 0 });
    }
    if (trouble !== null) throw new Error("Queue send failed: Internal Server Error");
    return {} as never;
  });
}

let sent = 0;

export function enqueue(moment: Moment, { queue, body, delaySeconds }: Sent): void {
  sent += 1;
  const dueMs = moment.nowMs + delaySeconds * 1000;
  moment.messages.push({ id: `m${sent}`, queue, body, attempts: 1, dueMs });
}
