// What could not be processed while Stripe refused to be asked is put right by hand: the key mended, one event done
// again from its page, those that match a filter from the list, and what is left dismissed. Then nothing is wrong.

import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { dataOf } from "../../client/index.ts";
import { createStripeFactory } from "../../src/platform/stripe.ts";
import { step } from "../demo/report.ts";
import type { Stack } from "../demo/start-stack.ts";
import { until } from "../demo/until.ts";
import { enter, type FreshTenant, freshTenant, type Scenario, stripeKeyOf } from "./scenario.ts";
import { atSandbox } from "./stripe-side.ts";

const NAMES = ["Ada Lovelace", "Grace Hopper", "Emmy Noether"];

export const replay: Scenario = {
  title: "Dead events are replayed and dismissed",
  async play(page, stack) {
    const tenant = await connectedForCustomers(stack);
    await enter(page, stack, tenant);
    await step("four events could not be processed", () => die(stack, tenant), String);
    await step("home and the issues say so", () => seeIssue(page, stack), String);
    await step(
      "one is replayed in vain: the key is revoked",
      () => replayInVain(page, stack, tenant),
      String,
    );
    await step("the key is mended by the issue's button", () => mendKey(page, stack, tenant), String);
    await step("one is replayed", () => replayOne(page, stack, tenant), String);
    await step("all that match are replayed", () => replayMatching(page, stack, tenant), String);
    await step("what is left is dismissed", () => dismissRest(page, stack), String);
    await step("nothing needs a person any more", () => seeClear(page, stack), String);
  },
};

/** One whose customers are taken over from Stripe: of a new one Stripe is asked what it has now. */
async function connectedForCustomers(stack: Stack): Promise<FreshTenant> {
  const tenant = await freshTenant(stack);
  const sync_config = { customer: { inbound: true } };
  const body = { name: "Stripe", provider: "stripe" as const, secret_key: stripeKeyOf(tenant), sync_config };
  await dataOf(tenant.quittance.POST("/api/v1/connections", { body }));
  return tenant;
}

/** Three customers are made at Stripe, and one of them changed, while it refuses every question about one. */
async function die(stack: Stack, tenant: FreshTenant): Promise<string> {
  const refusal = { kind: "invalid_request", method: "GET", path: "/v1/customers/", times: 1_000 };
  await atSandbox(stack, "/faults", refusal);
  const stripe = createStripeFactory(stack.sandbox)(stripeKeyOf(tenant));
  const [first] = await Promise.all(NAMES.map((name) => stripe.customers.create({ name })));
  if (first === undefined) throw new Error("Stripe made no customer.");
  await stripe.customers.update(first.id, { name: "Ada King" });
  const dead = await until("the events are not dead", async () => {
    const found = await eventsOf(tenant, "dead");
    return found.length === NAMES.length + 1 ? found : null;
  });
  await fetch(`${stack.sandbox}/_sandbox/faults`, { method: "DELETE" });
  return `${dead.length}: ${dead[0]?.error}`;
}

async function seeIssue(page: Page, stack: Stack): Promise<string> {
  await page.goto(`${stack.worker}/dashboard`);
  const title = "4 webhook events could not be processed.";
  await page.getByText(title).waitFor();
  await places(page)
    .getByRole("link", { name: /^Issues\s*1$/ })
    .click();
  const issue = page.getByRole("listitem").filter({ hasText: title });
  await issue.getByRole("link", { name: "Review and replay" }).click();
  await rowsOf(page, "Dead").nth(3).waitFor();
  assert.equal(await rowsOf(page, "Dead").count(), 4);
  return title;
}

/** What fails and may pass is tried again by itself: it is no longer dead, and not green either. */
async function replayInVain(page: Page, stack: Stack, tenant: FreshTenant): Promise<string> {
  await atSandbox(stack, "/keys/revoke", { key: stripeKeyOf(tenant) });
  await openFirst(page, "customer.created");
  await page.getByRole("button", { name: "Replay", exact: true }).click();
  const said = page.locator(".page-note.bad").getByText("It was done again, and failed again.");
  await said.waitFor();
  await page.locator("main .state").getByText("Retrying", { exact: true }).waitFor();
  return said.innerText();
}

async function mendKey(page: Page, stack: Stack, tenant: FreshTenant): Promise<string> {
  await page.goto(`${stack.worker}/dashboard/issues`);
  await page.getByText("3 webhook events could not be processed.").waitFor();
  const issue = page.getByRole("listitem").filter({ hasText: "Stripe refuses this connection's API key." });
  await issue.getByRole("link", { name: "Replace the key" }).click();
  await page.getByLabel("New secret or restricted key").fill(stripeKeyOf(tenant, 2));
  await page.getByRole("button", { name: "Replace the key" }).click();
  const said = page.getByText("The new key is in use; the one before is erased.");
  await said.waitFor();
  // What was only waiting for the key goes on by itself.
  await until("the event that failed again is not processed", async () =>
    (await eventsOf(tenant, "failed")).length === 0 ? "done" : null,
  );
  return said.innerText();
}

async function replayOne(page: Page, stack: Stack, tenant: FreshTenant): Promise<string> {
  await page.goto(`${stack.worker}/dashboard/webhook-events?status=dead`);
  await openFirst(page, "customer.created");
  await page.getByRole("button", { name: "Replay", exact: true }).click();
  const said = page.locator(".page-note.good").getByText("It was done again, and is processed.");
  await said.waitFor();
  await page.locator("main .state").getByText("Processed", { exact: true }).waitFor();
  assert.equal(await page.getByRole("button", { name: "Replay", exact: true }).count(), 0);
  assert.equal((await eventsOf(tenant, "dead")).length, 2);
  return said.innerText();
}

async function replayMatching(page: Page, stack: Stack, tenant: FreshTenant): Promise<string> {
  await page.goto(`${stack.worker}/dashboard/webhook-events?status=dead&type=customer.created`);
  await page.getByRole("link", { name: "Replay all that match…" }).click();
  await page.getByText("1 event fit").waitFor();
  await page.getByRole("button", { name: "Replay 1 event" }).click();
  await page.getByText("They are being done again by the queue.").waitFor();
  await until("not only one event is left dead", async () => {
    const [left, ...others] = await eventsOf(tenant, "dead");
    return others.length === 0 ? (left?.type ?? null) : null;
  });
  const { data } = await dataOf(tenant.quittance.GET("/api/v1/customers"));
  assert.equal(data.length, NAMES.length);
  return data.map(({ name }) => name).join(", ");
}

async function dismissRest(page: Page, stack: Stack): Promise<string> {
  await page.goto(`${stack.worker}/dashboard/issues`);
  const issue = page.getByRole("listitem").filter({ hasText: "1 webhook event could not be processed." });
  await issue.getByRole("link", { name: "Review and replay" }).click();
  await page.getByRole("link", { name: "Dismiss all that match…" }).click();
  await page.getByText("1 dead event fit").waitFor();
  await page.getByRole("button", { name: "Dismiss 1 event" }).click();
  await page.getByText("They are dismissed.").waitFor();
  assert.equal(await rowsOf(page, "Dead").count(), 0);
  await page.goto(`${stack.worker}/dashboard/webhook-events?status=ignored&type=customer.updated`);
  await openFirst(page, "customer.updated");
  const outcome = page.getByText("It had given up and was dismissed");
  await outcome.waitFor();
  return outcome.innerText();
}

async function seeClear(page: Page, stack: Stack): Promise<string> {
  await page.goto(`${stack.worker}/dashboard/issues`);
  const said = page.getByText("All clear.");
  await said.waitFor();
  await places(page).getByRole("link", { name: "Issues", exact: true }).waitFor();
  await page.goto(`${stack.worker}/dashboard`);
  await said.first().waitFor();
  return said.first().innerText();
}

async function eventsOf({ quittance }: FreshTenant, status: "dead" | "failed") {
  return (await dataOf(quittance.GET("/api/v1/webhook_events", { params: { query: { status } } }))).data;
}

function places(page: Page) {
  return page.getByRole("navigation", { name: "Dashboard" });
}

function rowsOf(page: Page, status: string) {
  return page.getByRole("table", { name: "Webhook events" }).getByRole("row").filter({ hasText: status });
}

function openFirst(page: Page, type: string): Promise<void> {
  const table = page.getByRole("table", { name: "Webhook events" });
  return table.getByRole("link", { name: type, exact: true }).first().click();
}
