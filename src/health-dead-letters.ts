// What gave up, over all environments, for /readyz. It has no bearing on being ready: calls can be answered
// all the same, and each environment's own are in its statistics and on its dashboard.

import { sql } from "drizzle-orm";
import { countUnreadable } from "./directory/unreadable-messages.ts";
import type { Check } from "./health.ts";
import type { Deps } from "./platform/deps.ts";
import { eachEnvironment } from "./platform/each-environment.ts";
import { webhookEvents } from "./platform/tables/webhook-events.ts";

// It is asked often and by anybody: more than this is not counted, and a count serves for a minute.
const MOST = 1000;
const CACHE_TTL_MS = 60_000;
let cache: { readAtMs: number; check: Check } | null = null;

type Dead = { events: number; jobs: number; unreadable: number };

/** Never throws. */
export async function deadLettersCheck(deps: Deps): Promise<Check> {
  const now = deps.now();
  if (cache && now - cache.readAtMs < CACHE_TTL_MS) return cache.check;
  const name = "dead_letters";
  try {
    const dead = await countDead(deps);
    const none = dead.events + dead.jobs === 0;
    const detail = none
      ? "None."
      : `Gave up: ${some(dead.events, "webhook event")}, ${some(dead.jobs, "job")}. Nothing of it is lost: see the dashboard of its environment; events can be replayed.${unreadable(dead.unreadable)}`;
    const check = { name, ok: none, detail };
    cache = { readAtMs: now, check };
    return check;
  } catch {
    return { name, ok: false, detail: "They could not be counted." };
  }
}

async function countDead(deps: Deps): Promise<Dead> {
  const unreadable = await countUnreadable(deps, MOST);
  const dead = { events: 0, jobs: unreadable, unreadable };
  await eachEnvironment(deps, async (scope) => {
    // `IN` as the partial index has it, or SQLite would not use it.
    const of = await deps.database(scope).get<Omit<Dead, "unreadable">>(sql`SELECT
      (SELECT COUNT(*) FROM (SELECT 1 FROM ${webhookEvents}
        WHERE status IN ('failed', 'dead') AND status = 'dead' LIMIT ${MOST})) AS events,
      (SELECT COUNT(*) FROM (SELECT 1 FROM outbox WHERE status = 'dead' LIMIT ${MOST})) AS jobs`);
    dead.events += of.events;
    dead.jobs += of.jobs;
    return 0;
  });
  return dead;
}

/** They are counted among the jobs, and no environment's dashboard shows them. */
function unreadable(count: number): string {
  if (count === 0) return "";
  return ` Of the jobs, ${some(count, "message")} of a queue could not be read: GET /api/v1/dead_messages, with ROOT_TOKEN.`;
}

function some(count: number, noun: string): string {
  const words = count >= MOST ? `${MOST.toLocaleString("en")} or more` : String(count);
  return `${words} ${noun}${count === 1 ? "" : "s"}`;
}
