// A wrong signing secret is seen at once where somebody looks, red and with the remedy; with the right one the page
// says that it waits for the proof, and the next webhook is the proof.

import type { Page } from "playwright-core";
import { dataOf } from "../../client/index.ts";
import { step } from "../demo/report.ts";
import type { Stack } from "../demo/start-stack.ts";
import { until } from "../demo/until.ts";
import { payInNewTab } from "./pay.ts";
import {
  enter,
  type FreshTenant,
  freshTenant,
  openInvoice,
  type Scenario,
  stripeKeyOf,
  untilPaid,
} from "./scenario.ts";
import { atSandbox, makeDestination } from "./stripe-side.ts";

export const wrongSecret: Scenario = {
  title: "A wrong signing secret is shown and mended",
  async play(page, stack) {
    const tenant = await freshTenant(stack);
    const secret = await connectWrongly(stack, tenant);
    await enter(page, stack, tenant);
    const { id, url } = await openInvoice(tenant);
    await payInNewTab(page, url);
    await step("a payment's webhooks are refused", () => isRefused(tenant), String);
    await step("home and connection show it red", () => seeRed(page, stack), String);
    await step("the issue's button mends it", () => mend(page, secret), String);
    await step("Stripe's next try is taken", () => tryAgain(stack, tenant, id), String);
    await step("all is green again", () => seeGreen(page, stack), String);
  },
};

/** @returns the secret that would have been right */
async function connectWrongly(stack: Stack, tenant: FreshTenant): Promise<string> {
  const { quittance } = tenant;
  const made = await dataOf(
    quittance.POST("/api/v1/connections", {
      body: {
        ...{ name: "Stripe", provider: "stripe", secret_key: stripeKeyOf(tenant) },
        ...{ webhook_setup: "manual", webhook_secret: `whsec_${"x".repeat(32)}` },
      },
    }),
  );
  const { secret } = await makeDestination(stack, stripeKeyOf(tenant), made.webhook_url ?? "");
  return secret;
}

function isRefused({ quittance }: FreshTenant): Promise<string> {
  return until("no webhook was refused", async () => {
    const [connection] = (await dataOf(quittance.GET("/api/v1/connections"))).data;
    return connection?.refused.since == null ? null : connection.refused.last_reason;
  });
}

async function seeRed(page: Page, stack: Stack): Promise<string> {
  await page.goto(`${stack.worker}/dashboard`);
  await page
    .getByText(/the signature did not match\./)
    .first()
    .waitFor();
  const place = page
    .getByRole("navigation", { name: "Dashboard" })
    .getByRole("link", { name: /^Connection/ });
  await place.locator(".dot.bad").waitFor();
  await place.click();
  await page.locator("main .badge.bad").getByText("Webhooks refused").first().waitFor();
  return page.locator("main .reason").filter({ hasText: "signed with another secret" }).innerText();
}

async function mend(page: Page, secret: string): Promise<string> {
  await page.getByRole("link", { name: /^Issues/ }).click();
  const issue = page.getByRole("listitem").filter({ hasText: "the signature did not match." });
  await issue.getByText("The secret saved here is not this destination's").waitFor();
  await issue.getByRole("link", { name: "Replace the signing secret" }).click();
  await page.getByLabel("Signing secret", { exact: true }).fill(secret);
  await page.getByLabel("The secret before it").selectOption({ label: "ends at once" });
  await page.getByRole("button", { name: "Save" }).click();
  const said = page.getByText("The signing secret is set.");
  await said.waitFor();
  return said.innerText();
}

async function tryAgain(stack: Stack, tenant: FreshTenant, invoiceId: string): Promise<string> {
  const answer = await fetch(`${stack.sandbox}/v1/events?type=checkout.session.completed`, {
    headers: { authorization: `Bearer ${stripeKeyOf(tenant)}` },
  });
  const { data } = (await answer.json()) as { data: { id: string }[] };
  for (const { id } of data) await atSandbox(stack, `/events/${id}/resend`);
  return untilPaid(tenant, invoiceId);
}

async function seeGreen(page: Page, stack: Stack): Promise<string> {
  await page.goto(`${stack.worker}/dashboard/issues`);
  await page.getByText("All clear.").waitFor();
  const place = page
    .getByRole("navigation", { name: "Dashboard" })
    .getByRole("link", { name: /^Connection/ });
  await place.locator(".dot.good").waitFor();
  await place.click();
  const badge = page.locator("main .badge.good").first();
  await badge.waitFor();
  return badge.innerText();
}
