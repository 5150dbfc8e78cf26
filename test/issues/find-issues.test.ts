import { expect, test } from "vitest";
import { findIssues, type IssueSources } from "../../src/issues/find-issues.ts";

const NOW = Date.parse("2026-11-21T09:30:00Z");
const pile = { count: 2, sinceMs: NOW - 60_000 };

const QUIET = {
  retryingEvents: null,
  deadEvents: null,
  waitingWork: null,
  deadWork: [],
  payableLinks: null,
  destinations: [],
  failedMails: null,
  heldMails: null,
  disputes: null,
  missed: null,
  bytes: 0,
  budgets: [],
} as const;

const WORKING = {
  status: "active",
  refused: { count_24h: 0, last_at: null, last_reason: null, since: null },
  account: { charges_enabled: true, requirements: [] },
  features: [],
};

const destination = {
  id: "dest_1",
  url: "https://shop.example/hooks",
  failingSinceMs: null,
  disabledReason: null,
  failedDeliveries: 0,
  updatedAtMs: NOW,
};

const budget = { name: "events_per_day", most: 100, used: 0, freeAtMs: NOW, mark: null };

function issuesOf(attention: object, connection: object | null = {}) {
  const sources = {
    attention: { ...QUIET, ...attention },
    connection: connection === null ? null : { ...WORKING, ...connection },
    nowMs: NOW,
  };
  return findIssues(sources as unknown as IssueSources);
}

test.each([
  ["events that failed", "events_retrying", { retryingEvents: pile }, {}],
  ["events that are dead", "events_dead", { deadEvents: pile }, {}],
  ["jobs that wait", "jobs_waiting", { waitingWork: pile }, {}],
  [
    "jobs that gave up",
    "jobs_dead",
    { deadWork: [{ ...pile, kind: "create_payment_link", error: null }] },
    {},
  ],
  ["an environment that fills up", "storage_filling", { bytes: 8_000_000_000 }, {}],
  ["a budget that is nearly used up", "budget_near", { budgets: [{ ...budget, used: 85 }] }, {}],
  ["a budget that is used up", "budget_used_up", { budgets: [{ ...budget, used: 100 }] }, {}],
  ["links that could not be switched off", "links_not_switched_off", { payableLinks: pile }, {}],
  ["a mail that came back", "emails_failed", { failedMails: pile }, {}],
  ["mails that are held", "emails_failed", { heldMails: pile }, {}],
  [
    "webhooks that are refused",
    "webhooks_refused",
    {},
    { refused: { count_24h: 1, last_at: null, last_reason: "wrong_secret", since: "2026-11-21T09:00:00Z" } },
  ],
  ["events that were missed", "events_missed", { missed: { ...pile, kind: "events" } }, {}],
  ["failed deliveries", "deliveries_failed", { destinations: [{ ...destination, failedDeliveries: 3 }] }, {}],
  [
    "a destination that fails",
    "destination_failing",
    { destinations: [{ ...destination, failingSinceMs: NOW }] },
    {},
  ],
  [
    "a destination switched off",
    "destination_switched_off",
    { destinations: [{ ...destination, disabledReason: "It answered 410." }] },
    {},
  ],
  ["a key that Stripe refuses", "connection_refused", {}, { status: "error" }],
  ["a connection that is paused", "connection_paused", {}, { status: "disabled" }],
  ["a webhook that is not set up", "webhook_not_set_up", {}, { status: "pending_webhook" }],
  [
    "an account that Stripe holds back",
    "account_incomplete",
    {},
    { account: { charges_enabled: false, requirements: ["external_account"] } },
  ],
  [
    "disputes that await an answer",
    "disputes_due",
    { disputes: { ...pile, dueAtMs: NOW + 86_400_000, sums: [] } },
    {},
  ],
])("%s: one issue, with what it costs and one button", (_, code, attention, connection) => {
  const issues = issuesOf(attention, connection);
  expect(issues.map((issue) => issue.code)).toEqual([code]);
  const [issue] = issues;
  expect(issue?.title).toMatch(/\.$/);
  expect(issue?.detail.length).toBeGreaterThan(20);
  expect(issue?.action.path).toMatch(/^\//);
  expect(issue?.action.words).not.toBe("");
});

test("where all is well there is none, and an environment without a connection has none of its", () => {
  expect(issuesOf({})).toEqual([]);
  expect(issuesOf({}, null)).toEqual([]);
});

test("forty jobs that wait for one key are that key's issue and no other", () => {
  const issues = issuesOf({ waitingWork: { count: 40, sinceMs: NOW } }, { status: "error" });
  expect(issues).toMatchObject([{ code: "connection_refused", count: 40 }]);
  expect(issues[0]?.detail).toContain("40 jobs wait for it");
});

test("what stops money comes before what only warns", () => {
  const issues = issuesOf({ retryingEvents: pile, heldMails: pile, deadEvents: pile, payableLinks: pile });
  expect(issues.map(({ severity }) => severity)).toEqual(["critical", "critical", "warning", "warning"]);
});
