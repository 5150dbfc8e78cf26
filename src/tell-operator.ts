// Tells the operator, by mail or a signed POST, what needs a person and when it is over: once a change, by cron. What
// is over within two minutes is not told. At least once: a message that two runs send has one id.

import { eq, inArray } from "drizzle-orm";
import { operatorTroubles } from "./directory/operator-tables.ts";
import { chooseProvider } from "./mail/choose-provider.ts";
import { renderOperatorMail } from "./mail/render-operator-mail.ts";
import { sendMessage } from "./notifications/send-message.ts";
import { findTroubles, type Trouble } from "./operator-troubles.ts";
import { commit, onDatabase } from "./platform/commit.ts";
import type { Deps } from "./platform/deps.ts";
import { sha256HexSync } from "./platform/sha256.ts";

type Row = typeof operatorTroubles.$inferSelect;

// A ledger that is poked, a queue that is asked: most of what passes does so by then.
const STANDS_AFTER_MS = 2 * 60_000;
// Of one message; the rest has its turn a minute later.
const MOST_TOLD = 50;

/** Called by cron each minute; returns how many changes were told. Where nobody is to be told, nothing is looked at. */
export async function tellOperator(deps: Deps): Promise<number> {
  const { email, webhook } = deps.config.operator;
  if (email === null && webhook === null) return 0;
  const [{ troubles, isWhole }, known] = await Promise.all([findTroubles(deps), readKnown(deps)]);
  await keepChanges(deps, troubles, known, isWhole);
  const present = new Set(troubles.map(({ key }) => key));
  const standing = known.filter(({ key }) => present.has(key));
  const due = standing.filter((row) => row.toldAtMs === null && deps.now() - row.sinceMs >= STANDS_AFTER_MS);
  const over = isWhole ? known.filter((row) => row.toldAtMs !== null && !present.has(row.key)) : [];
  const begun = due.slice(0, MOST_TOLD);
  const healed = over.slice(0, MOST_TOLD);
  if (begun.length + healed.length === 0) return 0;
  if (!(await tell(deps, begun, healed))) return 0;
  await conclude(deps, begun, healed);
  return begun.length + healed.length;
}

function readKnown({ directory }: Deps): Promise<Row[]> {
  return onDatabase(() => directory.select().from(operatorTroubles).all());
}

/** What is new is noted, and what was over before anybody was told is forgotten. */
async function keepChanges(
  { directory, now }: Deps,
  troubles: readonly Trouble[],
  known: readonly Row[],
  isWhole: boolean,
): Promise<void> {
  const [keys, present] = [known, troubles].map((rows) => new Set(rows.map(({ key }) => key)));
  const added = troubles.filter(({ key }) => !keys?.has(key));
  const passed = isWhole ? known.filter((row) => row.toldAtMs === null && !present?.has(row.key)) : [];
  const statements = [
    ...added.map(({ key, words }) =>
      directory
        .insert(operatorTroubles)
        .values({ key, words, sinceMs: now(), toldAtMs: null })
        .onConflictDoNothing(),
    ),
    ...passed.map(({ key }) => directory.delete(operatorTroubles).where(eq(operatorTroubles.key, key))),
  ];
  if (statements.length > 0) await commit(directory, statements);
}

/** @returns whether anybody has taken it */
async function tell(deps: Deps, begun: readonly Row[], healed: readonly Row[]): Promise<boolean> {
  const id = `msg_operator_${sha256HexSync(JSON.stringify([begun, healed].map(idsOf))).slice(0, 32)}`;
  const taken = await Promise.all([mail(deps, id, begun, healed), post(deps, id, begun, healed)]);
  const fields = { webhook_id: id, begun: begun.length, healed: healed.length };
  if (taken.includes(true)) deps.log.info("operator told", fields);
  return taken.includes(true);
}

function idsOf(rows: readonly Row[]): unknown {
  return rows.map(({ key, sinceMs }) => [key, sinceMs]);
}

async function mail(deps: Deps, id: string, begun: readonly Row[], healed: readonly Row[]): Promise<boolean> {
  const { email, operator } = deps.config;
  const provider = chooseProvider(deps);
  if (operator.email === null || email === null || provider === null) return false;
  const outcome = await provider.send({
    ...{ idempotencyKey: id, from: email.from, to: operator.email, replyTo: null, reference: {} },
    ...renderOperatorMail(deps.publicUrl, begun, healed),
  });
  if (outcome.outcome !== "sent")
    deps.log.error("operator not told by mail", { webhook_id: id, error: outcome.reason });
  // One that may have been taken is not sent again each minute.
  return outcome.outcome === "sent" || outcome.outcome === "unknown";
}

async function post(deps: Deps, id: string, begun: readonly Row[], healed: readonly Row[]): Promise<boolean> {
  const { webhook } = deps.config.operator;
  if (webhook === null) return false;
  const body = JSON.stringify({
    ...{ id, type: "operator.alert", created_at: new Date(deps.now()).toISOString() },
    data: { begun: begun.map(toItem), healed: healed.map(toItem) },
  });
  const { status, error } = await sendMessage(deps, webhook.url, [webhook.secret], { id, body });
  const isTaken = status !== null && status >= 200 && status < 300;
  if (!isTaken) deps.log.error("operator not told by webhook", { webhook_id: id, status, error });
  return isTaken;
}

function toItem({ key, words, sinceMs }: Row) {
  return { key, words, since: new Date(sinceMs).toISOString() };
}

async function conclude(
  { directory, now }: Deps,
  begun: readonly Row[],
  healed: readonly Row[],
): Promise<void> {
  const keysOf = (rows: readonly Row[]) => rows.map(({ key }) => key);
  await commit(directory, [
    directory
      .update(operatorTroubles)
      .set({ toldAtMs: now() })
      .where(inArray(operatorTroubles.key, keysOf(begun))),
    directory.delete(operatorTroubles).where(inArray(operatorTroubles.key, keysOf(healed))),
  ]);
}
