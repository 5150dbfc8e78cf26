// What is the matter with an environment's connection to Stripe. Work that waits for it is what the fault costs, and no
// issue of its own. Pure.

import type { DescribedConnection } from "../connections/describe-connections.ts";
import { REFUSAL_WORDS } from "../connections/refusals.ts";
import type { Attention } from "../ledger/attention/read-attention.ts";
import type { Issue } from "./find-issues.ts";
import { counted } from "./issue-words.ts";

const PATH = "/connections";

/** None for an environment without a connection: that one is new, and its first steps are shown. */
export function connectionIssues(connection: DescribedConnection | null, attention: Attention): Issue[] {
  if (connection === null || connection.status === "disconnected") return [];
  const state = stateIssue(connection, attention);
  return [
    ...(state === null ? waitingIssue(connection, attention) : [state]),
    ...refusedIssue(connection),
    ...accountIssue(connection),
    ...permissionIssue(connection),
    ...missedIssue(connection, attention),
  ];
}

/** Whether payments are processed at all, and why not. */
export function stateIssue(connection: DescribedConnection, attention: Attention): Issue | null {
  const waiting = attention.waitingWork;
  const costs =
    waiting === null
      ? ""
      : ` ${counted(waiting.count, "job")} ${waiting.count === 1 ? "waits" : "wait"} for it, and will go on by ${waiting.count === 1 ? "itself" : "themselves"}.`;
  const common = {
    severity: "critical" as const,
    sinceMs: waiting?.sinceMs ?? null,
    count: Math.max(waiting?.count ?? 0, 1),
  };
  switch (connection.status) {
    case "error":
      return {
        ...common,
        code: "connection_refused",
        title: "Stripe refuses this connection's API key.",
        detail: `No payment link can be made and nothing is fetched.${costs}`,
        action: isOwn(connection)
          ? { words: "Replace the key", path: pathOf(connection, "key") }
          : { words: "Test the connection", path: pathOf(connection, "test") },
      };
    case "disabled":
      return {
        ...common,
        code: "connection_paused",
        title: "The Stripe connection is paused.",
        detail: `No links are made, and payments are not processed.${costs}`,
        action: { words: "Resume", path: pathOf(connection, "resume") },
      };
    case "pending_webhook":
      return {
        ...common,
        code: "webhook_not_set_up",
        title: "The webhook is not set up, so payments are not processed.",
        detail: `Payers can pay, and invoices stay open until Stripe's events arrive.${costs}`,
        action: {
          words: "Set up the webhook",
          path: isOwn(connection) ? "/guide/webhook" : PATH,
        },
      };
    default:
      return null;
  }
}

/** With a connection that works it goes on by itself in a moment. */
function waitingIssue(connection: DescribedConnection, { waitingWork }: Attention): Issue[] {
  if (waitingWork === null) return [];
  return [
    {
      code: "jobs_waiting",
      severity: "warning",
      title: `${counted(waitingWork.count, "job")} ${waitingWork.count === 1 ? "waits" : "wait"} for the Stripe connection.`,
      detail: "What waits goes on by itself once it works. Test the connection if they do not.",
      ...waitingWork,
      action: { words: "Test the connection", path: pathOf(connection, "test") },
    },
  ];
}

function refusedIssue(connection: DescribedConnection): Issue[] {
  const { refused, status } = connection;
  const { since, last_reason, count_24h } = refused;
  // Of one that is not set up or switched off nothing else can be expected.
  if (since === null || last_reason === null || status === "disabled" || status === "pending_webhook") {
    return [];
  }
  return [
    {
      code: "webhooks_refused",
      severity: "critical",
      title:
        last_reason === "wrong_secret"
          ? `Stripe called ${counted(count_24h, "time")} and the signature did not match.`
          : `${counted(count_24h, "webhook")} ${count_24h === 1 ? "was" : "were"} refused in the last 24 hours.`,
      detail:
        last_reason === "wrong_secret"
          ? "The secret saved here is not this destination's: what Stripe tells is not processed until it is."
          : `Nothing that comes so is processed. The last one was ${REFUSAL_WORDS[last_reason]}.`,
      sinceMs: Date.parse(since),
      count: count_24h,
      action: isOwn(connection)
        ? { words: "Replace the signing secret", path: pathOf(connection, "signing-secret") }
        : { words: "See the connection", path: PATH },
    },
  ];
}

function accountIssue({ account }: DescribedConnection): Issue[] {
  if (account.charges_enabled && account.requirements.length === 0) return [];
  const asked = account.requirements.length;
  return [
    {
      code: "account_incomplete",
      severity: account.charges_enabled ? "warning" : "critical",
      title: account.charges_enabled
        ? `Stripe asks this account for ${counted(asked, "detail")}.`
        : "Stripe does not let this account take payments yet.",
      detail: account.charges_enabled
        ? "If they stay open, Stripe may stop payments or payouts."
        : "Its onboarding at Stripe is to be finished first.",
      sinceMs: null,
      count: Math.max(asked, 1),
      action: { words: "See what Stripe asks for", path: `${PATH}#account` },
    },
  ];
}

function permissionIssue({ features }: DescribedConnection): Issue[] {
  const lacking = features.filter(({ ok, in_use }) => !ok && in_use);
  if (lacking.length === 0) return [];
  const permissions = [...new Set(lacking.flatMap(({ missing }) => missing))];
  return [
    {
      code: "key_lacks_permissions",
      severity: "warning",
      title: "The API key may not do all that is switched on.",
      detail: `It lacks ${permissions.join(", ")}.`,
      sinceMs: null,
      count: permissions.length,
      action: { words: "See what is missing", path: PATH },
    },
  ];
}

function missedIssue(connection: DescribedConnection, { missed }: Attention): Issue[] {
  if (missed === null) return [];
  const what = { events: "event", links: "payment link", both: "change" }[missed.kind];
  return [
    {
      code: "events_missed",
      severity: "warning",
      title: `${counted(missed.count, what)} had news that no webhook brought.`,
      detail:
        "Reconciliation fetched it, so nothing is lost. It means that webhooks do not all arrive: test the connection, and look at the event destination in Workbench.",
      sinceMs: missed.sinceMs,
      count: missed.count,
      action: { words: "Test the connection", path: pathOf(connection, "test") },
    },
  ];
}

/** Whether it has a key and a signing secret of its own, which can be replaced. */
function isOwn({ auth_type }: DescribedConnection): boolean {
  return auth_type === "api_key";
}

function pathOf({ id }: DescribedConnection, act: string): string {
  return `${PATH}/${encodeURIComponent(id)}/${act}`;
}
