import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { createTenantWorld } from "../harness/world.ts";
import { endpointsAt, secretOf } from "./stripe-side.ts";

test("every change of a connection is in the audit log with who did it, and never with a secret", async () => {
  const world = await createTenantWorld();
  const body = { name: "Stripe", provider: "stripe", secret_key: world.secretKey };
  const { id } = (await world.api("POST", "/connections", body)).body;
  const firstSecret = secretOf(world.accountId, endpointsAt(world.accountId)[0]?.id ?? "");
  const path = `/connections/${id}`;
  const newKey = world.secretKey.replace(/_1$/, "_2");
  await world.api("PATCH", path, { name: "Renamed", publishable_key: "pk_test_abc123" });
  await world.api("PATCH", path, { secret_key: newKey });
  await world.api("PATCH", path, { webhook_secret: "whsec_secondsecond" });
  await world.api("POST", `${path}/webhook_endpoint`);
  await world.api("PATCH", path, { is_active: false });
  await world.api("PATCH", path, { is_active: true });
  await world.api("DELETE", path);

  const { results } = await env.DB.prepare(
    "SELECT action, actor_kind, actor_id, detail FROM audit_log WHERE environment_id = ? AND object_id = ? ORDER BY id",
  )
    .bind(world.scope.environmentId, id)
    .all<{ action: string; actor_kind: string; actor_id: string; detail: string }>();
  expect(results.map(({ action }) => action)).toEqual([
    "connection.created",
    "connection.updated",
    "connection.secret_key_changed",
    "connection.webhook_secret_changed",
    "connection.webhook_endpoint_replaced",
    "connection.disabled",
    "connection.enabled",
    // Disconnecting switches it off first.
    "connection.disabled",
    "connection.disconnected",
  ]);
  for (const row of results) {
    expect(row).toMatchObject({ actor_kind: "api_key", actor_id: expect.stringMatching(/^key_/) });
    for (const secret of [world.secretKey, newKey, firstSecret, "whsec_secondsecond"])
      expect(row.detail).not.toContain(secret);
  }
});
