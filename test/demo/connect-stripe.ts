// Connects the demo's environment to its account in the Stripe sandbox, and tests the connection. What an
// earlier run made is used again; a webhook endpoint that names another port, or is gone, is put right.

import { dataOf, type Quittance } from "../../client/index.ts";
import type { components } from "../../client/openapi.generated.ts";

/** The sandbox makes the account that a key names: this one is acct_demo. */
export const SECRET_KEY = "sk_test_demo_4242";

type Connection = components["schemas"]["Connection"];

/** @throws Error with the checks that fail even after the repair */
export async function connectStripe(
  quittance: Quittance,
): Promise<{ connection: Connection; checks: number }> {
  const query = { limit: 100 };
  const { data } = await dataOf(quittance.GET("/api/v1/connections", { params: { query } }));
  const present = data.find(({ status }) => status !== "disconnected") ?? (await create(quittance));
  const params = { path: { id: present.id } };
  let tested = await dataOf(quittance.POST("/api/v1/connections/{id}/test", { params }));
  if (!tested.ok) {
    await dataOf(quittance.POST("/api/v1/connections/{id}/webhook_endpoint", { params }));
    tested = await dataOf(quittance.POST("/api/v1/connections/{id}/test", { params }));
  }
  const failed = tested.checks.filter(({ ok }) => !ok);
  if (!tested.ok) {
    throw new Error(
      `The connection fails: ${failed.map(({ name, detail }) => `${name}: ${detail}`).join(" ")}`,
    );
  }
  return {
    connection: await dataOf(quittance.GET("/api/v1/connections/{id}", { params })),
    checks: tested.checks.length,
  };
}

function create(quittance: Quittance): Promise<Connection> {
  const body = {
    name: "Stripe sandbox",
    provider: "stripe" as const,
    secret_key: SECRET_KEY,
    webhook_setup: "automatic" as const,
  };
  return dataOf(quittance.POST("/api/v1/connections", { body }));
}
