// Every secret is rotated by its page: the new one works, the old one as long as it was said, and none is shown twice.

import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { createQuittance, dataOf } from "../../client/index.ts";
import { step } from "../demo/report.ts";
import type { Stack } from "../demo/start-stack.ts";
import { until } from "../demo/until.ts";
import { type Receiver, startReceiver } from "./receive.ts";
import {
  connectedTenant,
  enter,
  type FreshTenant,
  openInvoice,
  type Scenario,
  stripeKeyOf,
} from "./scenario.ts";
import { atSandbox, makeDestination, sendEvent } from "./stripe-side.ts";

export const rotate: Scenario = {
  title: "Rotate every key and secret",
  async play(page, stack) {
    const tenant = await connectedTenant(stack);
    const receiver = await startReceiver();
    try {
      await enter(page, stack, tenant);
      await step("Stripe's key", () => replaceKey(page, stack, tenant), String);
      await step("the webhook's signing secret", () => replaceSecret(page, stack, tenant), String);
      await step(
        "an event destination's secret",
        () => rotateDestination(page, stack, tenant, receiver),
        String,
      );
      await step("an API key of ours", () => replaceApiKey(page, stack), String);
    } finally {
      receiver.end();
    }
  },
};

async function replaceKey(page: Page, stack: Stack, tenant: FreshTenant): Promise<string> {
  await page.goto(`${stack.worker}/dashboard/connections`);
  await page.getByRole("link", { name: "Replace key" }).click();
  const restricted = stripeKeyOf(tenant, 2).replace("sk_", "rk_");
  await page.getByLabel("New secret or restricted key").fill(restricted);
  await page.getByText("Restricted test key ✓ fits this test environment").waitFor();
  await page.getByRole("button", { name: "Replace the key" }).click();
  await page.getByText("The new key is in use; the one before is erased.").waitFor();
  assert.ok(!(await page.content()).includes(restricted));
  await atSandbox(stack, "/keys/revoke", { key: stripeKeyOf(tenant, 1) });
  await openInvoice(tenant);
  return "a link was made by the new one, the old one revoked";
}

async function replaceSecret(page: Page, stack: Stack, tenant: FreshTenant): Promise<string> {
  await page.goto(`${stack.worker}/dashboard/connections`);
  const url = await page.getByRole("textbox", { name: "webhook URL" }).inputValue();
  const key = stripeKeyOf(tenant, 2);
  const [first, second] = [
    await makeDestination(stack, key, `${url}?first`),
    await makeDestination(stack, key, `${url}?second`),
  ];
  await setSecret(page, first.secret, "ends at once");
  await setSecret(page, second.secret, "is taken for another hour");
  await page.getByText("is taken as well until").waitFor();
  const event = { type: "customer.created", object: { id: "cus_1", object: "customer" } };
  const answers = await Promise.all(
    [second.secret, first.secret, `whsec_${"x".repeat(32)}`].map((secret, index) =>
      sendEvent(url, secret, { ...event, id: `evt_rotated${index}` }),
    ),
  );
  assert.deepEqual(answers, [200, 200, 400]);
  const third = await makeDestination(stack, key, `${url}?third`);
  await setSecret(page, third.secret, "ends at once");
  const late = await until("the old secrets are still taken", async () => {
    const status = await sendEvent(url, first.secret, { ...event, id: "evt_rotated9" });
    return status === 200 ? null : status;
  });
  assert.equal(await sendEvent(url, third.secret, { ...event, id: "evt_rotated10" }), 200);
  return `new 200, old 200 in its hour and ${late} after it`;
}

async function setSecret(page: Page, secret: string, overlap: string): Promise<void> {
  await page.getByRole("link", { name: "Replace signing secret" }).click();
  await page.getByLabel("Signing secret", { exact: true }).fill(secret);
  await page.getByLabel("The secret before it").selectOption({ label: overlap });
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("The signing secret is set.").waitFor();
}

async function rotateDestination(
  page: Page,
  stack: Stack,
  { quittance }: FreshTenant,
  receiver: Receiver,
): Promise<string> {
  const body = { url: receiver.url, event_types: ["customer.created" as const] };
  const { id, secret } = await dataOf(quittance.POST("/api/v1/event_destinations", { body }));
  await page.goto(`${stack.worker}/dashboard/event-destinations/${id}`);
  await page.getByRole("link", { name: /Rotate/ }).click();
  await page.getByLabel("The secrets before it").selectOption({ label: "sign beside it for an hour" });
  await page.getByRole("button", { name: "Rotate the secret" }).click();
  const fresh = await page.getByRole("textbox", { name: "signing secret" }).inputValue();
  assert.notEqual(fresh, secret);
  const made = await dataOf(quittance.POST("/api/v1/customers", { body: { name: "Grace Hopper" } }));
  for (const one of [fresh, secret])
    await receiver.next(one, (told) => JSON.stringify(told.data).includes(made.id));
  await page.getByRole("link", { name: "To the destination" }).click();
  assert.ok(!(await page.content()).includes(fresh));
  return "a message is signed with both";
}

async function replaceApiKey(page: Page, stack: Stack): Promise<string> {
  await page.getByRole("link", { name: "API keys", exact: true }).click();
  await page.getByRole("link", { name: /New API key|New key|Create/ }).click();
  await page.getByLabel("Name", { exact: true }).fill("Billing server");
  await page.getByRole("button", { name: "Create the key" }).click();
  const key = await page.getByRole("textbox", { name: "API key" }).inputValue();
  const call = () => createQuittance({ url: stack.worker, key }).GET("/api/v1/invoices");
  assert.equal((await call()).response.status, 200);
  await page.getByRole("link", { name: "To the API keys" }).click();
  assert.ok(!(await page.content()).includes(key));
  await page
    .getByRole("row")
    .filter({ hasText: "Billing server" })
    .getByRole("link", { name: /Revoke/ })
    .click();
  await page.getByRole("button", { name: "Revoke the key" }).click();
  await page.getByText("The key is revoked, with all that it made.").waitFor();
  const status = await until("the revoked key is still taken", async () => {
    const { response } = await call();
    return response.status === 200 ? null : response.status;
  });
  return `the new one is taken, and once revoked answered with ${status}`;
}
