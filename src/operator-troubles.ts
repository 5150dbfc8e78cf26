// What needs a person at this moment, each under a key of its own: of the installation as /readyz has it, of an
// environment as its ledger last told.

import { listNeedy, type PulseRow } from "./directory/pulses.ts";
import { countUnreadable } from "./directory/unreadable-messages.ts";
import { keyringOf } from "./health-keyring.ts";
import { queuesCheck } from "./health-queues.ts";
import type { Deps } from "./platform/deps.ts";
import { LEDGER_FILLS_AT_BYTES } from "./platform/ledger-size.ts";
import { readToldBudgets, toldBudgetWords } from "./platform/told-budgets.ts";

export type Trouble = { key: string; words: string };

const MOST = 500;
// An alarm that is late is poked by cron each minute: then it is over by itself.
const LATE_MS = 15 * 60_000;

/**
 * @returns `isWhole` is false where there are more than are listed: what is missing then need not be over
 * @throws AppError `database_unavailable`
 */
export async function findTroubles(deps: Deps): Promise<{ troubles: Trouble[]; isWhole: boolean }> {
  const now = deps.now();
  const [needy, unreadable, queues, keyring] = await Promise.all([
    listNeedy(deps, MOST, now),
    countUnreadable(deps, 1000),
    queuesCheck(deps),
    keyringOf(deps),
  ]);
  const checks = [queues, keyring].filter(({ ok }) => !ok);
  const ofInstallation = checks.map(({ name, detail }) => ({ key: name, words: detail }));
  if (unreadable > 0) {
    const words = `Messages of a queue could not be read (${unreadable}): GET /api/v1/dead_messages, with ROOT_TOKEN.`;
    ofInstallation.push({ key: "dead_messages", words });
  }
  const troubles = [...ofInstallation, ...needy.flatMap((row) => troublesOf(row, now))];
  return { troubles, isWhole: needy.length < MOST };
}

function troublesOf(row: PulseRow, nowMs: number): Trouble[] {
  const where = `in ${row.environmentId} of ${row.tenantId}`;
  const budgets = readToldBudgets(row.budgets, nowMs);
  const found: [kind: string, isThere: boolean, words: string][] = [
    [
      "dead_events",
      row.deadEvents > 0,
      `Webhook events gave up ${where} (${row.deadEvents}): mend the cause, then replay them.`,
    ],
    ["dead_jobs", row.deadWork > 0, `Jobs gave up ${where} (${row.deadWork}): the dashboard says why.`],
    [
      "failed_deliveries",
      row.failedDeliveries > 0,
      `Notifications were not taken ${where} (${row.failedDeliveries}): mend the endpoint, then recover them.`,
    ],
    [
      "storage",
      row.bytes > LEDGER_FILLS_AT_BYTES,
      `The ledger is more than 70 % full ${where}: shorten RETENTION_DAYS, or go on in a new environment.`,
    ],
    ["ledger", row.ledgerError !== null, `The ledger cannot be used ${where}: ${row.ledgerError}`],
    [
      "budgets",
      budgets.length > 0,
      `Budgets are nearly or wholly used up ${where}: ${budgets.map(toldBudgetWords).join(", ")}.`,
    ],
    [
      "mail_caps",
      (row.mailsWaitUntilMs ?? 0) > nowMs,
      `As many mails went as may within a day, about an invoice, to an address or in all ${where}: further ones wait. Its mails say which.`,
    ],
    [
      "late",
      row.nextAlarmAtMs !== null && row.nextAlarmAtMs < nowMs - LATE_MS,
      `The ledger does not stir ${where}: the log says why ("overdue ledger").`,
    ],
  ];
  return found.flatMap(([kind, isThere, words]) =>
    isThere ? [{ key: `${kind}/${row.environmentId}`, words }] : [],
  );
}
