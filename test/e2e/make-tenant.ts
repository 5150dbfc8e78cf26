// Tenants that are called as one likes, and root's way into the console.

import { randomBytes } from "node:crypto";
import type { Page } from "playwright-core";
import * as z from "zod";
import { createApi } from "../demo/api.ts";
import type { DemoTenant } from "../demo/prepare-tenant.ts";
import type { Stack } from "../demo/start-stack.ts";

/** Debian puts it there. */
export const CHROMIUM = process.env.CHROMIUM ?? "/usr/bin/chromium";

/** A tenant that is called so, with a test environment and an admin key. */
export async function makeTenant(
  stack: Stack,
  name: string,
): Promise<DemoTenant & { tenantId: string; environmentId: string }> {
  const mark = randomBytes(5).toString("hex");
  const root = createApi(stack.worker, stack.rootToken);
  const [tenantId, environmentId] = [`tenant_${mark}`, `env_${mark}`];
  await root.post("/tenants", { id: tenantId, name }, z.unknown());
  const environments = `/tenants/${tenantId}/environments`;
  await root.post(environments, { id: environmentId, name: "Test", livemode: false }, z.unknown());
  const keys = `${environments}/${environmentId}/api_keys`;
  const { key } = await root.post(keys, { name: "e2e", role: "admin" }, z.object({ key: z.string() }));
  return { api: createApi(stack.worker, key), apiKey: key, tenantId, environmentId };
}

/** Signs in to the console, as root. */
export async function signInToConsole(page: Page, stack: Stack): Promise<void> {
  await page.goto(`${stack.worker}/console`);
  await page.locator("input[name=token]").fill(stack.rootToken);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.waitForURL(/\/console$/);
}
