// The demo's tenant, environment and API key. What an earlier run made is used again; the key is shown once
// by the API, so it is kept beside the data, and a new one is made when it is gone or refused.

import * as z from "zod";
import { type Api, ApiError, createApi } from "./api.ts";
import { readApiKey, saveApiKey } from "./local-state.ts";
import type { Stack } from "./start-stack.ts";

const TENANT_ID = "tenant_demo";
const ENVIRONMENT_ID = "env_demo";

export type DemoTenant = { api: Api; apiKey: string };

export async function prepareTenant(stack: Stack): Promise<DemoTenant> {
  const root = createApi(stack.worker, stack.rootToken);
  const saved = await readApiKey(stack.paths);
  if (saved !== null) {
    const api = createApi(stack.worker, saved);
    if (await isAccepted(api)) return { api, apiKey: saved };
  }
  await createUnlessThere(root, "/tenants", { id: TENANT_ID, name: "Demo tenant" });
  const environments = `/tenants/${TENANT_ID}/environments`;
  await createUnlessThere(root, environments, { id: ENVIRONMENT_ID, name: "Demo", livemode: false });
  const keys = `${environments}/${ENVIRONMENT_ID}/api_keys`;
  const { key } = await root.post(keys, { name: "Demo", role: "admin" }, z.object({ key: z.string() }));
  await saveApiKey(stack.paths, key);
  return { api: createApi(stack.worker, key), apiKey: key };
}

async function isAccepted(api: Api): Promise<boolean> {
  try {
    await api.get("/connections?limit=1", z.unknown());
    return true;
  } catch (error) {
    if (error instanceof ApiError && error.status === 401) return false;
    throw error;
  }
}

async function createUnlessThere(
  api: Api,
  path: string,
  body: { id: string; name: string; livemode?: boolean },
) {
  try {
    await api.post(path, body, z.unknown());
  } catch (error) {
    if (!(error instanceof ApiError && error.status === 409)) throw error;
  }
}
