// A receiver in the test's hands: what it got, whether its signature was right, and what it answers.

import { env } from "cloudflare:workers";
import { Webhook } from "standardwebhooks";
import { vi } from "vitest";
import { type Announcement, announce } from "../../src/ledger/notifications/announce.ts";
import { deliver } from "../../src/notifications/deliver.ts";
import type { Deps, Scope } from "../../src/platform/deps.ts";
import type { NotificationMessage } from "../../src/platform/jobs.ts";
import type { Json } from "../harness/api.ts";
import { checkMessage } from "../harness/check-answer.ts";
import { inLedger } from "../harness/in-ledger.ts";
import { ringAlarm } from "../harness/outbox.ts";
import { receivers } from "../harness/sandbox.ts";
import { type TestWorld, testDeps } from "../harness/world.ts";

export type Received = { id: string; timestamp: string; signature: string; body: string; headers: Headers };

export type Receiver = {
  host: string;
  url: string;
  received: Received[];
  /** What it answers from now on; 200 at first. */
  answer: (request: Request) => Promise<Response>;
};

let counter = 0;

/** A receiver at a host of its own. */
export function createReceiver(): Receiver {
  const host = `hooks${Date.now().toString(36)}${counter++}.receiver.dev`;
  const receiver: Receiver = {
    host,
    url: `https://${host}/in`,
    received: [],
    answer: async () => new Response("thanks"),
  };
  receivers.set(host, async (request) => {
    const header = (name: string) => request.headers.get(name) ?? "";
    receiver.received.push({
      id: header("webhook-id"),
      timestamp: header("webhook-timestamp"),
      signature: header("webhook-signature"),
      body: await request.clone().text(),
      headers: request.headers,
    });
    return receiver.answer(request);
  });
  return receiver;
}

/**
 * Checks a message as a receiver does, by the package of Standard Webhooks; its body is held against openapi.json.
 * @throws when it is not right
 */
export function verify(secret: string, message: Received): unknown {
  const body = verifySignature(secret, message);
  checkMessage(message.body);
  return body;
}

/** The same of what goes to the operator, which is none of the messages that openapi.json tells platforms of. */
export function verifySignature(secret: string, message: Received): unknown {
  // The package looks at the clock; in simulated time it is the message's own.
  vi.useFakeTimers({ toFake: ["Date"], now: Number(message.timestamp) * 1000 });
  try {
    return new Webhook(secret).verify(message.body, {
      "webhook-id": message.id,
      "webhook-timestamp": message.timestamp,
      "webhook-signature": message.signature,
    });
  } finally {
    vi.useRealTimers();
  }
}

/** Time and queue in the test's hands: messages lie in `queue` until the test runs them, the clock stands still. */
export type Clockwork = {
  deps: Deps;
  queue: NotificationMessage[];
  now: () => number;
  pass: (ms: number) => void;
  /** Hands over everything that is in the queue, until nothing is. */
  drain: () => Promise<void>;
  /** The alarms of the ledgers ring, of those that something was announced in unless said otherwise. */
  ring: (scopes?: readonly Scope[]) => Promise<void>;
  /** Lets time pass, a minute at a step unless said otherwise: the ledgers' alarms ring, the queue hands over. */
  run: (minutes: number, stepMinutes?: number) => Promise<void>;
  /** Announces, as its cause would. */
  announce: (scope: Scope, announcement: Announcement) => Promise<void>;
};

export function createClockwork(parts: Partial<Deps> = {}): Clockwork {
  // Ahead of the real clock, so that the ledgers' own alarms leave these messages alone.
  let nowMs = Date.now() + 60 * 60_000;
  const queue: Clockwork["queue"] = [];
  const announcedIn = new Map<string, Scope>();
  const base = testDeps();
  const deps = testDeps({
    now: () => nowMs,
    queues: {
      ...base.queues,
      async enqueueNotifications(messages) {
        queue.push(...messages);
      },
    },
    ...parts,
  });
  const clockwork: Clockwork = {
    deps,
    queue,
    now: () => nowMs,
    pass(ms) {
      nowMs += ms;
    },
    async drain() {
      for (let next = queue.shift(); next; next = queue.shift()) await deliver(deps, next);
    },
    async ring(scopes = [...announcedIn.values()]) {
      const ofTheLedgers = vi.spyOn(env.NOTIFICATIONS, "sendBatch").mockImplementation(async (messages) => {
        for (const { body } of messages) queue.push(JSON.parse(String(body)));
        return {} as never;
      });
      for (const scope of scopes) await ringAlarm(scope, nowMs);
      ofTheLedgers.mockRestore();
    },
    async run(minutes, stepMinutes = 1) {
      for (let minute = 0; minute < minutes; minute += stepMinutes) {
        nowMs += stepMinutes * 60_000;
        await clockwork.drain();
        await clockwork.ring();
        await clockwork.drain();
      }
    },
    async announce(scope, announcement) {
      announcedIn.set(scope.environmentId, scope);
      const { wanted } = await inLedger(scope, (book) => announce(book, announcement), nowMs);
      queue.push(...wanted.map(({ id }) => ({ ...scope, kind: "deliver" as const, deliveryId: id })));
    },
  };
  return clockwork;
}

export async function createDestination(
  world: Pick<TestWorld, "api">,
  receiver: Receiver,
  fields: Record<string, unknown> = {},
): Promise<{ id: string; secret: string }> {
  const made = await world.api("POST", "/event_destinations", { url: receiver.url, ...fields });
  if (made.status !== 201) throw new Error(`No destination: ${JSON.stringify(made.body)}`);
  return made.body;
}

/** An announcement of an invoice that was paid; the invoice need not be there. */
export function invoicePaid(id: string): Announcement {
  return { type: "invoice.paid", key: id, object: { kind: "invoice", id } };
}

/** What the API says of a destination's deliveries, newest first. */
export async function deliveriesOf(world: Pick<TestWorld, "api">, id: string): Promise<Json[]> {
  return (await world.api("GET", `/event_destinations/${id}/deliveries?limit=100`)).body.data;
}
