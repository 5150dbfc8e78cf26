// The bindings of the worker that a test file runs in: whether anything still uses them, and how the next file finds
// them as if the worker had just started.

import { reset, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import type { Ledger } from "../../src/ledger/ledger.ts";

// A reconciliation rests 250 ms between two calls to Stripe: shorter than this is not the end of it.
const QUIET_MS = 350 + Number(env.QUEUE_JITTER_MS);
const PATIENCE_MS = 15_000 + 10 * Number(env.QUEUE_JITTER_MS);

const QUEUES = [env.STRIPE_EVENTS, env.JOBS, env.NOTIFICATIONS];

/** @returns what ends the file */
export function watchBindings(): () => Promise<void> {
  const settings = { ...env };
  const ledgers = new Set<string>();
  let usedAtMs = 0;
  let enqueued = false;

  const prepare = env.DB.prepare.bind(env.DB);
  env.DB.prepare = (query) => {
    usedAtMs = Date.now();
    return prepare(query);
  };
  const getByName = env.LEDGER.getByName.bind(env.LEDGER);
  env.LEDGER.getByName = (name, ...given) => {
    usedAtMs = Date.now();
    ledgers.add(name);
    return getByName(name, ...given);
  };
  for (const queue of QUEUES) {
    const [send, sendBatch] = [queue.send.bind(queue), queue.sendBatch.bind(queue)];
    queue.send = (...given) => {
      enqueued = true;
      return send(...given);
    };
    queue.sendBatch = (...given) => {
      enqueued = true;
      return sendBatch(...given);
    };
  }

  return async () => {
    // A file that ends while a queue's consumer is at work leaves the runner waiting for it for ever.
    const until = Date.now() + PATIENCE_MS;
    while (enqueued && Date.now() - usedAtMs < QUIET_MS && Date.now() < until) {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    for (const name of Object.keys(env)) if (!(name in settings)) Reflect.deleteProperty(env, name);
    Object.assign(env, settings);
    Reflect.deleteProperty(env.DB, "prepare");
    Reflect.deleteProperty(env.LEDGER, "getByName");
    for (const queue of QUEUES) {
      Reflect.deleteProperty(queue, "send");
      Reflect.deleteProperty(queue, "sendBatch");
    }
    await emptyStorage([...ledgers]);
  };
}

async function emptyStorage(ledgers: readonly string[]): Promise<void> {
  // What has been idle for ten seconds was put away, and `reset` passes it by: D1 and the ledgers are woken first. A
  // ledger's alarm would wake it in the midst of another file.
  await env.DB.prepare("SELECT 1").run();
  for (const name of ledgers) {
    await runInDurableObject(env.LEDGER.getByName(name), (_: Ledger, { storage }) => storage.deleteAlarm());
  }
  await reset();
}
