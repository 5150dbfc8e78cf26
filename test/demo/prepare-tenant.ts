// The demo's tenant, environment and API key. What an earlier run made is used again; the key is shown once
// by the API, so it is kept beside the data, and a new one is made when it is gone or refused.

import { createQuittance, dataOf, type Quittance, QuittanceError } from "../../client/index.ts";
import { readApiKey, saveApiKey } from "./local-state.ts";
import type { Stack } from "./start-stack.ts";

const TENANT_ID = "tenant_demo";
const ENVIRONMENT_ID = "env_demo";

export type DemoTenant = { quittance: Quittance; apiKey: string };

export async function prepareTenant(stack: Stack): Promise<DemoTenant> {
  const root = createQuittance({ url: stack.worker, key: stack.rootToken });
  const saved = await readApiKey(stack.paths);
  if (saved !== null) {
    const quittance = createQuittance({ url: stack.worker, key: saved });
    if (await isAccepted(quittance)) return { quittance, apiKey: saved };
  }
  const path = { tenant_id: TENANT_ID, environment_id: ENVIRONMENT_ID };
  await unlessThere(dataOf(root.POST("/api/v1/tenants", { body: { id: TENANT_ID, name: "Demo tenant" } })));
  const environment = { id: ENVIRONMENT_ID, name: "Demo", livemode: false };
  await unlessThere(
    dataOf(root.POST("/api/v1/tenants/{tenant_id}/environments", { params: { path }, body: environment })),
  );
  const { key } = await dataOf(
    root.POST("/api/v1/tenants/{tenant_id}/environments/{environment_id}/api_keys", {
      params: { path },
      body: { name: "Demo", role: "admin" },
    }),
  );
  await saveApiKey(stack.paths, key);
  return { quittance: createQuittance({ url: stack.worker, key }), apiKey: key };
}

async function isAccepted(quittance: Quittance): Promise<boolean> {
  try {
    await dataOf(quittance.GET("/api/v1/connections", { params: { query: { limit: 1 } } }));
    return true;
  } catch (error) {
    if (error instanceof QuittanceError && error.status === 401) return false;
    throw error;
  }
}

async function unlessThere(made: Promise<unknown>): Promise<void> {
  try {
    await made;
  } catch (error) {
    if (!(error instanceof QuittanceError && error.status === 409)) throw error;
  }
}
