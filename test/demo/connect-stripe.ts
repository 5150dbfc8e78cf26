// Connects the demo's environment to its account in the Stripe sandbox, and tests the connection. What an
// earlier run made is used again; a webhook endpoint that names another port, or is gone, is put right.

import * as z from "zod";
import type { Api } from "./api.ts";

/** The sandbox makes the account that a key names: this one is acct_demo. */
export const SECRET_KEY = "sk_test_demo_4242";

const connection = z.object({ id: z.string(), status: z.string(), account: z.object({ id: z.string() }) });
export type DemoConnection = z.infer<typeof connection>;

const connectionTest = z.object({
  ok: z.boolean(),
  checks: z.array(z.object({ name: z.string(), ok: z.boolean(), detail: z.string() })),
});
type ConnectionTest = z.infer<typeof connectionTest>;

/** @throws Error with the checks that fail even after the repair */
export async function connectStripe(api: Api): Promise<{ connection: DemoConnection; checks: number }> {
  const listed = await api.get("/connections?limit=100", z.object({ data: z.array(connection) }));
  const present = listed.data.find(({ status }) => status !== "disconnected") ?? (await create(api));
  let tested = await test(api, present.id);
  if (!tested.ok) {
    await api.post(`/connections/${present.id}/webhook_endpoint`, undefined, z.unknown());
    tested = await test(api, present.id);
  }
  const failed = tested.checks.filter(({ ok }) => !ok);
  if (!tested.ok) {
    throw new Error(
      `The connection fails: ${failed.map(({ name, detail }) => `${name}: ${detail}`).join(" ")}`,
    );
  }
  return {
    connection: await api.get(`/connections/${present.id}`, connection),
    checks: tested.checks.length,
  };
}

function create(api: Api): Promise<DemoConnection> {
  const body = {
    name: "Stripe sandbox",
    provider: "stripe",
    secret_key: SECRET_KEY,
    webhook_setup: "automatic",
  };
  return api.post("/connections", body, connection);
}

function test(api: Api, id: string): Promise<ConnectionTest> {
  return api.post(`/connections/${id}/test`, undefined, connectionTest);
}
