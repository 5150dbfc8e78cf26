// Tenants that are called as one likes, and root's way into the console.

import { randomBytes } from "node:crypto";
import type { Page } from "playwright-core";
import { createQuittance, dataOf } from "../../client/index.ts";
import type { DemoTenant } from "../demo/prepare-tenant.ts";
import type { Stack } from "../demo/start-stack.ts";

/** Debian puts it there. */
export const CHROMIUM = process.env.CHROMIUM ?? "/usr/bin/chromium";

/** A tenant that is called so, with a test environment and an admin key. */
export async function makeTenant(
  stack: Stack,
  name: string,
  environmentName = "Test",
): Promise<DemoTenant & { tenantId: string; environmentId: string }> {
  const mark = randomBytes(5).toString("hex");
  const root = createQuittance({ url: stack.worker, key: stack.rootToken });
  const path = { tenant_id: `tenant_${mark}`, environment_id: `env_${mark}` };
  await dataOf(root.POST("/api/v1/tenants", { body: { id: path.tenant_id, name } }));
  const environment = { id: path.environment_id, name: environmentName, livemode: false };
  await dataOf(
    root.POST("/api/v1/tenants/{tenant_id}/environments", { params: { path }, body: environment }),
  );
  const { key } = await dataOf(
    root.POST("/api/v1/tenants/{tenant_id}/environments/{environment_id}/api_keys", {
      params: { path },
      body: { name: "e2e", role: "admin" },
    }),
  );
  const quittance = createQuittance({ url: stack.worker, key });
  return { quittance, apiKey: key, tenantId: path.tenant_id, environmentId: path.environment_id };
}

/** Signs in to the console, as root. */
export async function signInToConsole(page: Page, stack: Stack): Promise<void> {
  await page.goto(`${stack.worker}/console`);
  await page.locator("input[name=token]").fill(stack.rootToken);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.waitForURL(/\/console$/);
}
