// One invocation of the Worker, with bindings that go wrong where the plan says so. Each has bindings of its
// own, so that one that died never touches anything again.

import { env } from "cloudflare:workers";
import { guardedDatabase } from "../harness/guarded-database.ts";
import { guardedLedgers } from "../harness/guarded-ledgers.ts";
import type { Part, Plan, Trouble } from "./faults-plan.ts";

export type Sent = { queue: string; body: unknown; delaySeconds: number };

export type Invocation = {
  env: Env;
  /** Settles when the plan has the invocation die. */
  died: Promise<"died">;
  die: () => void;
  /** For the seams that are no bindings: what goes wrong at this call. */
  troubleAt: (seam: "stripe" | "mail") => Trouble | null;
  isDead: () => boolean;
};

const WORDS = {
  d1: "D1_ERROR: Network connection lost.",
  ledger: "Network connection lost.",
  queue: "Queue send failed: Internal Server Error",
};
/** What a promise of a dead invocation is: it never settles. */
export const never = new Promise<never>(() => {});

export function createInvocation(
  part: Part,
  plan: Plan,
  settings: Record<string, string>,
  send: (sent: Sent) => void,
): Invocation {
  let dead = false;
  let die = () => {};
  const died = new Promise<"died">((resolve) => {
    die = () => {
      dead = true;
      resolve("died");
    };
  });

  async function pass<T>(seam: keyof typeof WORDS, run: () => Promise<T>): Promise<T> {
    if (dead) return never;
    const trouble = plan.next(seam, part);
    if (trouble === "throws_before") throw new Error(WORDS[seam]);
    if (trouble === "dies_before") die();
    if (dead) return never;
    const answer = await run();
    if (trouble === "throws_after") throw new Error(WORDS[seam]);
    if (trouble === "dies_after") die();
    return dead ? never : answer;
  }

  const queue = (name: string) => ({
    send: (body: unknown, options: QueueSendOptions = {}) =>
      pass("queue", async () => send({ queue: name, body, delaySeconds: options.delaySeconds ?? 0 })),
    sendBatch: (messages: Iterable<MessageSendRequest>, options: QueueSendBatchOptions = {}) =>
      pass("queue", async () => {
        for (const { body, delaySeconds } of messages) {
          send({ queue: name, body, delaySeconds: delaySeconds ?? options.delaySeconds ?? 0 });
        }
      }),
  });
  const bindings = {
    ...env,
    ...settings,
    DB: guardedDatabase((run) => pass("d1", run)),
    LEDGER: guardedLedgers((run) => pass("ledger", run)),
    STRIPE_EVENTS: queue("quittance-stripe-events"),
    JOBS: queue("quittance-jobs"),
    NOTIFICATIONS: queue("quittance-notifications"),
  };
  return {
    env: bindings as unknown as Env,
    died,
    die,
    isDead: () => dead,
    troubleAt: (seam) => plan.next(seam, part),
  };
}
