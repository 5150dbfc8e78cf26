// What the parts of a simulation share: the moment, and the clock, the timers and the way out of the isolate,
// which are the simulation's while it runs.

import { vi } from "vitest";
import type { Invocation } from "./faults-bindings.ts";

type Message = { id: string; queue: string; body: unknown; attempts: number; dueMs: number };
export type Webhook = { eventId: string; dueMs: number; attempts: number };

/** All that the world around the Worker keeps; plain data, so that a story can begin at any moment. */
export type Moment = { nowMs: number; messages: Message[]; webhooks: Webhook[]; eventsSeen: number };

export type Scene = {
  moment: Moment;
  /** The invocation that runs now. */
  current: Invocation | null;
  stripeCalls: { atMs: number; call: string; trouble: string | null }[];
  /** Of the batches of events. */
  batchSizes: number[];
};

const STRIPE_ORIGIN = "http://stripe.sandbox";

export function setNow(scene: Scene, nowMs: number): void {
  scene.moment.nowMs = nowMs;
  vi.setSystemTime(nowMs);
}

/** @param askStripe answers what the Worker asks of Stripe; all else goes where it went before */
export async function within<T>(
  scene: Scene,
  askStripe: (request: Request) => Promise<Response>,
  act: () => Promise<T>,
): Promise<T> {
  const outside = globalThis.fetch;
  vi.useFakeTimers({ toFake: ["Date"], now: scene.moment.nowMs });
  globalThis.fetch = async (input, init) => {
    const request = new Request(input, init);
    return request.url.startsWith(STRIPE_ORIGIN) ? askStripe(request) : outside(request);
  };
  // What only waits, waits no longer than it must: the clock is simulated.
  const realTimeout = globalThis.setTimeout;
  vi.stubGlobal("setTimeout", (run: () => void, ms = 0) => realTimeout(run, ms < 1_000 ? 0 : ms));
  // Thousands of failures that are meant to be are no news.
  const consoles = (["log", "warn", "error"] as const).map((level) =>
    vi.spyOn(console, level).mockImplementation(() => {}),
  );
  try {
    return await act();
  } finally {
    for (const one of consoles) one.mockRestore();
    vi.unstubAllGlobals();
    globalThis.fetch = outside;
    vi.useRealTimers();
  }
}
