// What needs a person, as one list: one cause is one issue, with what it costs and one act that mends it or leads
// there. Pure.

import type { DescribedConnection } from "../connections/describe-connections.ts";
import type { Attention } from "../ledger/attention/read-attention.ts";
import { sizeWarning } from "../platform/ledger-size.ts";
import { budgetIssues } from "./budget-issues.ts";
import { connectionIssues } from "./connection-issues.ts";
import { destinationIssues } from "./destination-issues.ts";
import { counted } from "./issue-words.ts";

export type Issue = {
  /** A stable word for the cause. */
  code: string;
  /** `critical`: money or news of it does not get through. */
  severity: "critical" | "warning";
  /** One sentence. */
  title: string;
  /** What it costs as long as it stands, and what comes of it by itself. */
  detail: string;
  /** ms; null where nobody knows. */
  sinceMs: number | null;
  count: number;
  /** One button; its path is below `/dashboard`. */
  action: { words: string; path: string };
};

export type IssueSources = {
  /** Null: the environment has none. */
  connection: DescribedConnection | null;
  attention: Attention;
  nowMs: number;
};

/** The gravest first, and of the same gravity in the order in which they are to be mended. */
export function findIssues({ connection, attention, nowMs }: IssueSources): Issue[] {
  const issues = [
    ...connectionIssues(connection, attention),
    ...disputeIssues(attention, nowMs),
    ...linkIssues(attention),
    ...eventIssues(attention),
    ...workIssues(attention),
    ...destinationIssues(attention.destinations),
    ...mailIssues(attention),
    ...budgetIssues(attention.budgets),
    ...sizeIssues(attention),
  ];
  return [
    ...issues.filter(({ severity }) => severity === "critical"),
    ...issues.filter(({ severity }) => severity === "warning"),
  ];
}

const DAY_MS = 24 * 60 * 60 * 1000;

function disputeIssues({ disputes }: Attention, nowMs: number): Issue[] {
  if (disputes === null) return [];
  const { count, sinceMs, dueAtMs } = disputes;
  const days = dueAtMs === null ? null : Math.max(Math.ceil((dueAtMs - nowMs) / DAY_MS), 0);
  return [
    {
      code: "disputes_due",
      severity: "critical",
      title: `${counted(count, "dispute")} ${count === 1 ? "awaits" : "await"} your answer.`,
      detail: `${days === null ? "" : `The nearest deadline is in ${counted(days, "day")}. `}Without evidence at Stripe by then the payer keeps the money.`,
      sinceMs,
      count,
      action: { words: "See disputes", path: "/disputes" },
    },
  ];
}

function linkIssues({ payableLinks }: Attention): Issue[] {
  if (payableLinks === null) return [];
  const { count, sinceMs } = payableLinks;
  return [
    {
      code: "links_not_switched_off",
      severity: "critical",
      title: `${counted(count, "payment link")} could not be switched off at Stripe.`,
      detail:
        "Money could still come by what must not be paid any more; it would be recorded, not dropped. If it cannot wait, deactivate the link in Stripe's dashboard under Payment Links.",
      sinceMs,
      count,
      action: { words: "See why and retry", path: "/stuck-jobs" },
    },
  ];
}

function eventIssues({ deadEvents, retryingEvents }: Attention): Issue[] {
  const issues: Issue[] = [];
  if (deadEvents !== null) {
    issues.push({
      code: "events_dead",
      severity: "critical",
      title: `${counted(deadEvents.count, "webhook event")} could not be processed.`,
      detail:
        "What they tell is not in the books yet. Their payloads are kept: mend the cause, then replay them, or dismiss those that need not be done.",
      ...deadEvents,
      action: { words: "Review and replay", path: "/webhook-events?status=dead" },
    });
  }
  if (retryingEvents !== null) {
    issues.push({
      code: "events_retrying",
      severity: "warning",
      title: `${counted(retryingEvents.count, "webhook event")} ${retryingEvents.count === 1 ? "is" : "are"} being retried.`,
      detail:
        "Something passing, such as a limit of Stripe's. They are tried again by themselves, over hours: nothing is to be done.",
      ...retryingEvents,
      action: { words: "See events", path: "/webhook-events?status=failed" },
    });
  }
  return issues;
}

const MAIL_WORK = "send_mail";

function workIssues({ deadWork }: Attention): Issue[] {
  const dead = deadWork.filter(({ kind }) => kind !== MAIL_WORK);
  if (dead.length === 0) return [];
  const count = dead.reduce((sum, one) => sum + one.count, 0);
  const reason = dead.find(({ error }) => error !== null)?.error;
  return [
    {
      code: "jobs_dead",
      severity: "critical",
      title: `${counted(count, "job")} gave up: Stripe refused for good.`,
      detail: reason
        ? `The reason of one of them: ${reason}`
        : "The reason is beside each. Mend the cause, then retry.",
      sinceMs: Math.min(...dead.map(({ sinceMs }) => sinceMs)),
      count,
      action: { words: "See jobs and retry", path: "/stuck-jobs?status=dead" },
    },
  ];
}

function mailIssues({ failedMails, heldMails, deadWork }: Attention): Issue[] {
  const gaveUp = deadWork.filter(({ kind }) => kind === MAIL_WORK);
  const piles = [failedMails, heldMails].filter((pile) => pile !== null);
  // A mail that gave up is a failed mail, unless it is older than those that are looked at.
  if (failedMails === null) piles.push(...gaveUp);
  if (piles.length === 0) return [];
  const count = piles.reduce((sum, pile) => sum + pile.count, 0);
  return [
    {
      code: "emails_failed",
      severity: "warning",
      title: `${counted(count, "email")} did not reach ${count === 1 ? "its" : "their"} reader.`,
      detail:
        "The customers have not got them. Give the customer another address and held ones go there; or send one again from its page.",
      sinceMs: Math.min(...piles.map(({ sinceMs }) => sinceMs)),
      count,
      action: { words: "See emails", path: "/mails" },
    },
  ];
}

/** None where its budget says so already. */
function sizeIssues({ bytes, budgets }: Attention): Issue[] {
  const detail = sizeWarning(bytes);
  if (detail === null || budgets.some(({ name }) => name === "ledger_bytes")) return [];
  return [
    {
      code: "storage_filling",
      severity: "warning",
      title: "This environment is filling up.",
      detail,
      sinceMs: null,
      count: 1,
      action: { words: "What is kept, and how long", path: "/issues#storage" },
    },
  ];
}
