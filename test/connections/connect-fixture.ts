// A tenant that pastes its key, and the test of the connection that comes of it.

import { expect } from "vitest";
import type { Json } from "../harness/api.ts";
import { createTenantWorld, type TestWorld } from "../harness/world.ts";

export type World = Omit<TestWorld, "webhookSecret" | "connectionId">;

export function connect(world: World, fields: object = {}) {
  const body = { name: "Stripe", provider: "stripe", secret_key: world.secretKey, ...fields };
  return world.api("POST", "/connections", body);
}

export async function connected(
  fields: (world: World) => object = () => ({}),
): Promise<World & { id: string }> {
  const world = await createTenantWorld();
  const made = await connect(world, fields(world));
  expect(made.status).toBe(201);
  return { ...world, id: made.body.id };
}

export async function runTest(world: World & { id: string }) {
  const { status, body } = await world.api("POST", `/connections/${world.id}/test`);
  expect(status).toBe(200);
  const checks: Record<string, { ok: boolean; detail: string }> = Object.fromEntries(
    body.checks.map((check: Json) => [check.name, check]),
  );
  return { ok: body.ok as boolean, checks };
}
