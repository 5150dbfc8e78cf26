// How much of a ledger's work is in the queues at once: of each kind, and of each destination's messages, so much and
// no more. The rest is handed over as that is done, so that whatever one environment has to do, another's stands
// behind a few of its works at the most. It is all in memory: what an object that begins anew has forgotten, its alarm
// enqueues.

import type { Wanted } from "../../platform/enqueue-wanted.ts";
import { LINES_A_MESSAGE } from "../../platform/jobs.ts";
import { laneOfDelivery } from "../notifications/delivery-id.ts";

// Two messages of the queue of jobs, which are one batch.
const WORKS_AT_ONCE = 2 * LINES_A_MESSAGE;
// Two batches of the queue of notifications.
const DELIVERIES_AT_ONCE = 6;
// One whose try has not ended by then is in nobody's way any more, or was lost.
const AT_MOST_MS = 60_000;
// What is beyond comes by the alarm.
const MOST_HELD = 2_000;

type Lane = {
  /** By id, until when it counts, ms. */
  inQueue: Map<string, number>;
  held: Map<string, Wanted>;
};

export class QueueLanes {
  readonly #lanes = new Map<string, Lane>();

  /** Of what a transaction wants what goes to the queues now, with what was held back and has its turn. */
  admit(wanted: readonly Wanted[], nowMs: number): Wanted[] {
    for (const one of wanted) {
      const { inQueue, held } = this.#laneOf(one);
      inQueue.delete(one.id);
      if (held.size < MOST_HELD) held.set(one.id, one);
    }
    return [...this.#lanes].flatMap(([name, lane]) => {
      const now = next(lane, name, nowMs);
      if (lane.held.size === 0 && lane.inQueue.size === 0) this.#lanes.delete(name);
      return now;
    });
  }

  /** Its try has ended, or there is nothing to do. */
  leave(id: string): void {
    for (const { inQueue } of this.#lanes.values()) inQueue.delete(id);
  }

  /** When what is held back is looked at again at the latest, ms; null where nothing is. */
  get nextAtMs(): number | null {
    const times = [...this.#lanes.values()].flatMap(({ held, inQueue }) =>
      held.size === 0 ? [] : [...inQueue.values()],
    );
    return times.length === 0 ? null : Math.min(...times);
  }

  #laneOf({ kind, id }: Wanted): Lane {
    const name = kind === "deliver" ? laneOfDelivery(id) : kind;
    const lane = this.#lanes.get(name) ?? { inQueue: new Map(), held: new Map() };
    this.#lanes.set(name, lane);
    return lane;
  }
}

/** Takes out of what is held, oldest first, what there is room for: as many at a time as are one message. */
function next({ inQueue, held }: Lane, name: string, nowMs: number): Wanted[] {
  for (const [id, untilMs] of inQueue) if (untilMs <= nowMs) inQueue.delete(id);
  const isDeliveries = name.startsWith("dlv_");
  const room = (isDeliveries ? DELIVERIES_AT_ONCE : WORKS_AT_ONCE) - inQueue.size;
  const atLeast = Math.min(isDeliveries ? 1 : LINES_A_MESSAGE, held.size);
  if (room < atLeast) return [];
  const now = [...held.values()].slice(0, room);
  for (const { id } of now) {
    held.delete(id);
    inQueue.set(id, nowMs + AT_MOST_MS);
  }
  return now;
}
