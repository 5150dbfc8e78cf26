// What is measured: a bare Worker, Quittance with more and more of it at work, and beside it the least that each of
// these ways costs on this runtime.

import { foreignEvent } from "./foreign-event.ts";
import { countKept, countProcessedBy, type Target } from "./measure.ts";
import type { Prepared } from "./prepare.ts";
import { type Bench, serveBareWorker, serveFloor } from "./serve-worker.ts";
import type { Payment, Webhook } from "./world.ts";

export type Size = {
  /** Those with paid invoices. */
  environments: number;
  rounds: number;
  /** Webhooks before the first round, and of a round. */
  warmUp: number;
  webhooks: number;
  /** Environments of a round that the door has not seen before. */
  unseen: number;
  /** Paid invoices whose webhooks are counted. */
  counted: number;
  /** Whether jobs wait while webhooks alone are measured; then events that a busy machine has parked wait, too. */
  jobsWait: boolean;
};

/** The webhook that settles an invoice. */
const SETTLING = "checkout.session.completed";

// What costs little beside a tick of the operating system's clock is sent more.
const BARE_REPEATS = 5;
const DOOR_REPEATS = 3;

/** The bare Worker first. */
export async function createTargets(bench: Bench, prepared: Prepared, size: Size): Promise<Target[]> {
  const { environments, unseen, payments, serveCopy } = prepared;
  const settling = payments.map(settlingOf);
  const warmUp = settling.slice(0, size.warmUp);
  const ofRound = (round: number) => slice(settling.slice(size.warmUp), round, size.webhooks);
  const firstOfEach = settling.slice(0, environments.length);
  const atUnseen = unseen.map((environment, index): Webhook => {
    return { ...(settling[index % settling.length] as Webhook), environment };
  });
  const waking = environments.map((environment, index) => foreignEvent(environment, index));
  const jobsWait: readonly (keyof Env)[] = size.jobsWait ? ["JOBS", "NOTIFICATIONS"] : [];
  const door = await serveCopy(["STRIPE_EVENTS"]);
  const keeper = await serveFloor(bench, { environments, consumes: true });
  const processing = async (idle: readonly (keyof Env)[]) => {
    const served = await serveCopy(idle);
    return { served, countProcessed: () => countProcessedBy(environments, served) };
  };
  return [
    {
      name: "bare Worker",
      served: await serveBareWorker(bench),
      warmUp: repeat(warmUp, BARE_REPEATS),
      before: [],
      webhooks: (round) => repeat(ofRound(round), BARE_REPEATS),
    },
    {
      name: "the least: verified and enqueued, no product",
      served: await serveFloor(bench, { environments }),
      warmUp: repeat(warmUp, DOOR_REPEATS),
      before: firstOfEach,
      webhooks: (round) => repeat(ofRound(round), DOOR_REPEATS),
    },
    {
      name: "the door alone: verified, enqueued",
      aim: 6,
      served: door,
      warmUp: repeat(warmUp, DOOR_REPEATS),
      before: firstOfEach,
      webhooks: (round) => repeat(ofRound(round), DOOR_REPEATS),
    },
    {
      name: "the least with one row of D1 read before",
      served: await serveFloor(bench, { environments, readsD1: true }),
      warmUp,
      before: [],
      webhooks: ofRound,
    },
    {
      name: "the door, an environment's first webhook",
      aim: 10,
      served: door,
      warmUp: [],
      before: [],
      webhooks: (round) => slice(atUnseen, round, size.unseen),
    },
    {
      name: "the least that keeps it: one object, one row",
      served: keeper,
      warmUp,
      before: firstOfEach,
      webhooks: ofRound,
      countProcessed: () => countKept(keeper),
    },
    {
      name: "accepted and processed: its invoice is paid",
      aim: 12,
      ...(await processing(jobsWait)),
      warmUp,
      before: waking,
      webhooks: ofRound,
    },
    {
      name: "the same, its ledger asleep before",
      ...(await processing(jobsWait)),
      warmUp,
      before: [],
      isAsleep: size.jobsWait,
      webhooks: ofRound,
    },
    {
      name: "awake, and its link switched off at Stripe",
      ...(await processing([])),
      warmUp,
      before: waking,
      webhooks: ofRound,
    },
  ];
}

function settlingOf(payment: Payment): Webhook {
  const webhook = payment.find(({ type }) => type === SETTLING);
  if (!webhook) throw new Error(`Stripe tells nothing of a payment by ${SETTLING}.`);
  return webhook;
}

function slice<T>(items: readonly T[], round: number, length: number): T[] {
  return items.slice(round * length, (round + 1) * length);
}

function repeat<T>(items: readonly T[], times: number): T[] {
  return Array.from({ length: times }, () => items).flat();
}
