// Which queues bring their messages to this Worker. A consumer notes that it ran, and cron asks those that are quiet
// by a message of its own, so that a queue that nobody serves is seen before a payment waits in it.

import { commit, onDatabase } from "../platform/commit.ts";
import type { Deps } from "../platform/deps.ts";
import { QUEUE_KINDS, type QueueKind } from "../platform/jobs.ts";
import { errorText } from "../platform/logger.ts";
import { queueAsks, queueRuns } from "./operator-tables.ts";

// A write for each batch would cost more than it tells: each isolate notes a queue so often.
const NOTED_EVERY_MS = 5 * 60_000;
const QUIET_MS = 15 * 60_000;
// Longer than a run may go unnoted.
const UNSERVED_AFTER_MS = 10 * 60_000;
// The clocks of two machines are so far apart at most.
const SKEW_MS = 60_000;
const DAY_MS = 24 * 60 * 60_000;

const notedAtMs = new Map<string, number>();

/**
 * Notes that a queue brought messages, and says whether it is noted. Never throws: the messages matter more.
 * @param kind what its name ends in; null where no consumer is for such a queue
 * @param answers cron's own message was among them: noted however lately the last note was
 */
export async function noteQueueRun(
  deps: Deps,
  run: { queue: string; kind: string | null; answers: boolean },
): Promise<boolean> {
  const { queue, kind, answers } = run;
  const now = deps.now();
  if (!answers && Math.abs(now - (notedAtMs.get(queue) ?? 0)) < NOTED_EVERY_MS) return true;
  notedAtMs.set(queue, now);
  const row = { queue, kind, ranAtMs: now };
  const note = deps.directory.insert(queueRuns).values(row);
  try {
    await commit(deps.directory, [note.onConflictDoUpdate({ target: queueRuns.queue, set: row })]);
    return true;
  } catch (error) {
    notedAtMs.delete(queue);
    deps.log.warn("queue's run not noted", { queue, error: errorText(error) });
    return false;
  }
}

/** Asks the queues that were quiet for a quarter of an hour; called by cron. Returns how many. */
export async function askQueues(deps: Deps): Promise<number> {
  const now = deps.now();
  const { kinds } = await readQueues(deps);
  const due = kinds.filter(({ ranAtMs, sentAtMs, unansweredSinceMs }) => {
    // A queue that nobody serves keeps the message for days: another one tells no more.
    const pauseMs = unansweredSinceMs === null ? QUIET_MS : DAY_MS;
    return now - Math.max(ranAtMs ?? 0, sentAtMs ?? 0) >= pauseMs;
  });
  if (due.length === 0) return 0;
  await deps.queues.ask(due.map(({ kind }) => kind));
  await commit(
    deps.directory,
    due.map(({ kind, unansweredSinceMs }) => {
      const row = { kind, askedAtMs: unansweredSinceMs ?? now, sentAtMs: now };
      return deps.directory
        .insert(queueAsks)
        .values(row)
        .onConflictDoUpdate({ target: queueAsks.kind, set: row });
    }),
  );
  return due.length;
}

export type QueueFindings = {
  /** Queues that were asked and have brought nothing since that moment, ms. */
  unserved: { kind: QueueKind; sinceMs: number }[];
  /** Names of queues that brought messages in the last day, and for which there is no consumer. */
  unknown: string[];
  /** Queues that have brought nothing yet and were not asked yet. */
  untried: QueueKind[];
};

/** @throws AppError `database_unavailable` */
export async function findUnservedQueues(deps: Pick<Deps, "directory" | "now">): Promise<QueueFindings> {
  const now = deps.now();
  const { kinds, unknown } = await readQueues(deps);
  return {
    unserved: kinds.flatMap(({ kind, unansweredSinceMs: sinceMs }) =>
      sinceMs !== null && now - sinceMs > UNSERVED_AFTER_MS ? [{ kind, sinceMs }] : [],
    ),
    unknown: unknown.flatMap(({ queue, ranAtMs }) => (now - ranAtMs < DAY_MS ? [queue] : [])),
    untried: kinds.flatMap(({ kind, ranAtMs, sentAtMs }) =>
      ranAtMs === null && sentAtMs === null ? [kind] : [],
    ),
  };
}

export type QueueState = {
  kind: QueueKind;
  /** When it last brought something, about, ms. */
  ranAtMs: number | null;
  /** When cron last asked it, ms. */
  sentAtMs: number | null;
  /** Since when cron's question has had no answer, ms; null where none is open. */
  unansweredSinceMs: number | null;
};

/** Every queue that there should be. */
export async function listQueues(deps: Pick<Deps, "directory">): Promise<QueueState[]> {
  return (await readQueues(deps)).kinds;
}

async function readQueues(deps: Pick<Deps, "directory">) {
  const [runs, asks] = await onDatabase(() =>
    deps.directory.batch([deps.directory.select().from(queueRuns), deps.directory.select().from(queueAsks)]),
  );
  const kinds = QUEUE_KINDS.map((kind) => {
    const times = runs.filter((run) => run.kind === kind).map((run) => run.ranAtMs);
    const ranAtMs = times.length > 0 ? Math.max(...times) : null;
    const ask = asks.find((asked) => asked.kind === kind);
    const isAnswered = !ask || (ranAtMs ?? 0) >= ask.askedAtMs - SKEW_MS;
    return {
      kind,
      ranAtMs,
      sentAtMs: ask?.sentAtMs ?? null,
      unansweredSinceMs: isAnswered ? null : ask.askedAtMs,
    };
  });
  return { kinds, unknown: runs.filter((run) => run.kind === null) };
}
