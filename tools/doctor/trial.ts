// The doctor's own tenant, with a test environment and an API key for this run. The key ends with the run; tenant and
// environment stay for the next, so that their ids are not used up.

import * as z from "zod";
import type { Patient } from "./examine.ts";
import { check, type Report } from "./report.ts";
import { type Api, ApiError, createApi } from "./single-calls.ts";

const TENANT = "tenant_doctor";

export type Trial = {
  api: Api;
  tenantId: string;
  environmentId: string;
  /** Done at the end, the last first. A failure is no finding. */
  later: (end: () => Promise<unknown>) => void;
  close: () => Promise<void>;
};

const withId = z.object({ id: z.string() });

/** Null where it could not be made, which is red then. */
export function openTrial(root: Api, { url }: Patient, report: Report): Promise<Trial | null> {
  return check(
    report,
    "tenant, environment and API key",
    async () => {
      const environmentId = await environmentOf(root);
      const keys = `/tenants/${TENANT}/environments/${environmentId}/api_keys`;
      const body = { name: "doctor", role: "admin" };
      const made = await root.post(keys, body, z.object({ id: z.string(), key: z.string() }));
      const ends: (() => Promise<unknown>)[] = [() => root.del(`${keys}/${made.id}`)];
      const trial = {
        api: createApi(url, made.key),
        ...{ tenantId: TENANT, environmentId },
        later: (end: () => Promise<unknown>) => ends.push(end),
        async close() {
          for (let end = ends.pop(); end; end = ends.pop()) await end().catch(() => {});
        },
      };
      return { detail: `${TENANT}, ${environmentId}`, found: trial };
    },
    "Read the answer above; GET /readyz with ROOT_TOKEN says what is missing.",
  );
}

async function environmentOf(root: Api): Promise<string> {
  try {
    await root.post("/tenants", { id: TENANT, name: "Doctor" }, withId);
  } catch (error) {
    if (!(error instanceof ApiError && error.status === 409)) throw error;
  }
  const environments = `/tenants/${TENANT}/environments`;
  const { data } = await root.get(
    `${environments}?limit=100`,
    z.object({ data: z.array(withId.extend({ livemode: z.boolean(), erased_at: z.string().nullish() })) }),
  );
  const usable = data.find(({ livemode, erased_at }) => !livemode && !erased_at);
  return (usable ?? (await root.post(environments, { name: "Doctor", livemode: false }, withId))).id;
}
