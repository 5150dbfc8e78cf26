// What gave up, over all environments, as their ledgers last told, for /readyz. It has no bearing on being ready:
// calls can be answered all the same, and each environment's own are in its statistics and on its dashboard.

import { listNearBudget, sumPulses } from "./directory/pulses.ts";
import { countUnreadable } from "./directory/unreadable-messages.ts";
import type { ReadinessCheck } from "./health.ts";
import type { Deps } from "./platform/deps.ts";
import { toldBudgetWords } from "./platform/told-budgets.ts";

// It is asked often and by anybody: an answer serves for a minute.
const MOST = 1000;
const NAMED = 10;
const CACHE_TTL_MS = 60_000;
let cache: { readAtMs: number; checks: ReadinessCheck[] } | null = null;

/** What gave up, and whether an environment is filling up. Never throws. */
export async function installationChecks(deps: Deps): Promise<ReadinessCheck[]> {
  const now = deps.now();
  if (cache && now - cache.readAtMs < CACHE_TTL_MS) return cache.checks;
  try {
    const [totals, unreadable, near] = await Promise.all([
      sumPulses(deps),
      countUnreadable(deps, MOST),
      listNearBudget(deps, NAMED + 1, now),
    ]);
    const dead = { events: totals.deadEvents, jobs: totals.deadWork + unreadable, unreadable };
    const checks = [deadLetters(dead), storage(totals.filling), budgetsCheck(near)];
    cache = { readAtMs: now, checks };
    return checks;
  } catch {
    return [{ name: "dead_letters", ok: false, detail: "They could not be counted." }];
  }
}

type Dead = { events: number; jobs: number; unreadable: number };

function deadLetters(dead: Dead): ReadinessCheck {
  const none = dead.events + dead.jobs === 0;
  const detail = none
    ? "None."
    : `Gave up: ${some(dead.events, "webhook event")}, ${some(dead.jobs, "job")}. Nothing of it is lost: see the dashboard of its environment; events can be replayed.${unreadable(dead.unreadable)}`;
  return { name: "dead_letters", ok: none, detail };
}

/** It is asked by anybody, so it names no environment. */
function storage(filling: number): ReadinessCheck {
  const name = "storage";
  if (filling === 0) return { name, ok: true, detail: "No environment is filling up." };
  const which = filling === 1 ? "1 environment holds" : `${filling.toLocaleString("en")} environments hold`;
  const detail = `${which} more than 70 % of the 10 GB that one can: GET /api/v1/stats, with ROOT_TOKEN, names them.`;
  return { name, ok: false, detail };
}

function budgetsCheck(near: Awaited<ReturnType<typeof listNearBudget>>): ReadinessCheck {
  const name = "budgets";
  if (near.length === 0) return { name, ok: true, detail: "None is nearly used up." };
  const words = near.slice(0, NAMED).map(({ environmentId, tenantId, budgets }) => {
    return `${environmentId} of ${tenantId}: ${budgets.map(toldBudgetWords).join(", ")}.`;
  });
  if (near.length > NAMED) words.push("And more.");
  return { name, ok: false, detail: words.join(" ") };
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
