// What runs every minute: work that was left behind is enqueued, and what has expired goes.

import { forgetConnectStates } from "./connect/state-store.ts";
import { healRefusals } from "./connections/heal-refusals.ts";
import { refreshDueAccounts } from "./connections/refresh-due-accounts.ts";
import { tellLedgers } from "./connections/tell-ledger.ts";
import { forgetSessions } from "./directory/dashboard-session-store.ts";
import { noteSealingKey } from "./directory/keyring-use.ts";
import { pokeOverdueLedgers } from "./directory/poke-ledgers.ts";
import { askQueues } from "./directory/queue-runs.ts";
import { resealSecrets } from "./directory/reseal-secrets.ts";
import { eraseExpiredSecrets } from "./directory/secret-store.ts";
import { forgetSecurityLog } from "./directory/security-log.ts";
import { forgetRootAnswers } from "./http/root-answers.ts";
import { readConfig } from "./platform/config.ts";
import { createDeps, type Deps } from "./platform/deps.ts";
import { newId } from "./platform/ids.ts";
import { createLogger, errorText } from "./platform/logger.ts";
import { tellOperator } from "./tell-operator.ts";

const RESEAL_A_RUN = 100;
const resealSome = (deps: Deps) => resealSecrets(deps, RESEAL_A_RUN);

/** The Worker's scheduled handler. One chore's failure does not keep the others from running. */
export async function runChores(env: Env): Promise<void> {
  const config = readConfig(env);
  if (!config.ok) {
    createLogger({}).error("not configured", {
      settings: config.problems.map(({ setting }) => setting).join(", "),
    });
    return;
  }
  const deps = createDeps(env, config.config, { kind: "cron", id: null, ip: null }, "", newId("req"));
  const chores = {
    forgetRootAnswers,
    forgetSessions,
    forgetSecurityLog,
    noteSealingKey,
    resealSome,
    eraseExpiredSecrets,
    forgetConnectStates,
    refreshDueAccounts,
    tellLedgers,
    healRefusals,
    askQueues,
    pokeOverdueLedgers,
    tellOperator,
  };
  const failures: unknown[] = [];
  for (const [chore, run] of Object.entries(chores)) {
    try {
      await run(deps);
    } catch (error) {
      deps.log.error("chore failed", { chore, error: errorText(error) });
      failures.push(error);
    }
  }
  // The platform shows a failed run as failed.
  if (failures.length > 0)
    throw new AggregateError(failures, "Some chores failed; the next run tries them again.");
}
