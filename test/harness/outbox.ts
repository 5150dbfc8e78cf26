// The outbox of an environment in a test's hands: what is outstanding, and one try of it as the queue would begin it.

import { runDurableObjectAlarm } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { vi } from "vitest";
import { ledger, ledgerName } from "../../src/ledger/client.ts";
import { OUTBOX_COLUMNS, type OutboxRow } from "../../src/ledger/outbox/outbox-row.ts";
import type { Deps, Scope } from "../../src/platform/deps.ts";
import { WORK_KINDS, type WorkMessage } from "../../src/platform/jobs.ts";
import { runWork } from "../../src/run-work.ts";
import { ledgerSql } from "./ledger-sql.ts";
import { testDeps } from "./world.ts";

/** What is asked for meanwhile is written, and lies there. */
export async function whileQueueIsDown<T>(ask: () => Promise<T>): Promise<T> {
  const down = vi.spyOn(env.JOBS, "sendBatch").mockRejectedValue(new Error("queue down"));
  try {
    return await ask();
  } finally {
    down.mockRestore();
  }
}

export async function outboxOf(scope: Scope): Promise<OutboxRow[]> {
  const { results } = await ledgerSql(scope)
    .prepare(`SELECT ${OUTBOX_COLUMNS} FROM outbox ORDER BY id`)
    .all<OutboxRow>();
  return results;
}

export async function outboxRow(scope: Scope, id: string): Promise<OutboxRow | undefined> {
  return (await outboxOf(scope)).find((row) => row.id === id);
}

/** The message of a piece of work, as it comes from the queue. */
export function messageOf(scope: Scope, id: string): WorkMessage {
  const kind = WORK_KINDS.find((one) => id.startsWith(`${one}/`));
  if (!kind) throw new Error(`No kind of work: '${id}'.`);
  return { ...scope, kind, id };
}

/**
 * One try, whenever it is due.
 * @returns what is outstanding of it afterwards; undefined once it is done
 */
export async function tryWork(
  scope: Scope,
  id: string,
  deps: Deps = testDeps(),
): Promise<OutboxRow | undefined> {
  await ledgerSql(scope).prepare("UPDATE outbox SET not_before_ms = NULL WHERE id = ?").bind(id).run();
  await runWork(deps, messageOf(scope, id));
  return outboxRow(scope, id);
}

/** Ends work as one that has used its tries. */
export async function giveUp(
  scope: Scope,
  id: string,
  error = "Stripe did not answer.",
  deps: Deps = testDeps(),
): Promise<void> {
  const used = ledgerSql(scope).prepare("UPDATE outbox SET attempts = 20 WHERE id = ? AND status = 'wanted'");
  await used.bind(id).run();
  await ledger(deps, scope).failWork({ id, outcome: "dead", error, jitter: 0 });
}

/** The ledger's alarm, at a time. @returns whether it was set at all */
export async function ringAlarm(scope: Scope, atMs: number = Date.now()): Promise<boolean> {
  vi.useFakeTimers({ toFake: ["Date"], now: atMs });
  try {
    return await runDurableObjectAlarm(env.LEDGER.getByName(ledgerName(scope)));
  } finally {
    vi.useRealTimers();
  }
}
