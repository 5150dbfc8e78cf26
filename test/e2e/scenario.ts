// What is played in the browser: each in a fresh one, with a tenant of its own.

import { randomBytes } from "node:crypto";
import type { BrowserContextOptions, Page } from "playwright-core";
import * as z from "zod";
import { type Api, createApi } from "../demo/api.ts";
import type { Stack } from "../demo/start-stack.ts";

export type Scenario = {
  title: string;
  /** How the browser is set up for it, such as its width. */
  browser?: BrowserContextOptions;
  /** Statuses of refusals that it asks for on purpose: see watch-faults.ts. */
  refusals?: readonly number[];
  /** @throws Error naming what did not come to be */
  play: (page: Page, stack: Stack) => Promise<void>;
};

export type FreshTenant = { api: Api; apiKey: string; name: string };

/** A tenant with a test environment and an admin key, which no earlier run has used. */
export async function freshTenant(stack: Stack): Promise<FreshTenant> {
  const name = `e2e${randomBytes(5).toString("hex")}`;
  const root = createApi(stack.worker, stack.rootToken);
  const [tenantId, environmentId] = [`tenant_${name}`, `env_${name}`];
  await root.post("/tenants", { id: tenantId, name }, z.unknown());
  const environments = `/tenants/${tenantId}/environments`;
  await root.post(environments, { id: environmentId, name: "Test", livemode: false }, z.unknown());
  const keys = `${environments}/${environmentId}/api_keys`;
  const { key } = await root.post(keys, { name: "e2e", role: "admin" }, z.object({ key: z.string() }));
  return { api: createApi(stack.worker, key), apiKey: key, name };
}

/** Signs in to the dashboard by an API key. */
export async function signIn(page: Page, stack: Stack, apiKey: string): Promise<void> {
  await page.goto(`${stack.worker}/dashboard`);
  await page.locator("input[name=key]").fill(apiKey);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.waitForURL(/\/dashboard(?!\/sign-in)/);
}
