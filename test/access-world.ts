// Whom the tests of access call as: a tenant with one of every object, keys that are good for nothing, strangers.

import { env } from "cloudflare:workers";
import { expect } from "vitest";
import { makeObjects } from "./access-objects.ts";
import { type Ids, ROUTES, type RouteAccess } from "./access-table.ts";
import { signIn } from "./dashboard/browse.ts";
import { ORIGIN, root, toWorker } from "./harness/api.ts";
import { createTenantWorld, createWorld, type TestWorld } from "./harness/world.ts";

export const KEY_ROLES = ["read", "write", "admin"] as const;

export type AccessWorld = {
  ours: TestWorld;
  ids: Ids;
  revokedKey: string;
  expiredKey: string;
  /** Admin keys of another tenant, and of another environment of ours. */
  strangers: { tenantId: string; environmentId: string; key: string }[];
};

export async function createAccessWorld(): Promise<AccessWorld> {
  const ours = await createWorld();
  const ids = await makeObjects(ours);
  await signIn(ours.keys.read);
  const keyPath = `/tenants/${ours.scope.tenantId}/environments/${ours.scope.environmentId}/api_keys`;
  const revoked = (await root("POST", keyPath, { name: "revoked", role: "admin" })).body;
  await root("DELETE", `${keyPath}/${revoked.id}`);
  const expired = (
    await root("POST", keyPath, { name: "expired", role: "admin", expires_at: "2099-01-01T00:00:00Z" })
  ).body;
  await env.DB.prepare("UPDATE api_keys SET expires_at_ms = 1 WHERE id = ?").bind(expired.id).run();

  const theirs = await createTenantWorld();
  const beside = await root("POST", `/tenants/${ours.scope.tenantId}/environments`, {
    name: "b",
    livemode: false,
  });
  const besidePath = `/tenants/${ours.scope.tenantId}/environments/${beside.body.id}/api_keys`;
  const strangers = [
    { tenantId: theirs.scope.tenantId, environmentId: theirs.scope.environmentId, key: theirs.keys.admin },
    {
      tenantId: ours.scope.tenantId,
      environmentId: beside.body.id,
      key: (await root("POST", besidePath, { name: "b", role: "admin" })).body.key,
    },
  ];
  return { ours, ids, revokedKey: revoked.key, expiredKey: expired.key, strangers };
}

/** The id of nothing. */
export const MISSING = "does_not_exist";

export function missingIds({ ids }: AccessWorld): Ids {
  return Object.fromEntries(Object.keys(ids).map((name) => [name, MISSING])) as Ids;
}

/** The routes that ask for one of these. */
export function entriesOf(...kinds: RouteAccess["access"][]): [string, RouteAccess][] {
  return Object.entries(ROUTES).filter(([, entry]) => kinds.includes(entry.access));
}

type Ask = {
  key?: string | undefined;
  cookie?: string;
  ids?: Ids;
  tenantId?: string;
  environmentId?: string;
  body?: unknown;
};

/** Calls a route with ids of ours in its path, unless others are given. */
export async function ask({ ours, ids }: AccessWorld, route: string, entry: RouteAccess, options: Ask) {
  const [method = "", pattern = ""] = route.split(" ");
  const path = pattern
    .replace(":tenant_id", options.tenantId ?? ours.scope.tenantId)
    .replace(":environment_id", options.environmentId ?? ours.scope.environmentId)
    .replace(":id", entry.of === undefined ? MISSING : (options.ids ?? ids)[entry.of]);
  // The dashboard takes forms from its own pages alone.
  const headers = new Headers({ origin: ORIGIN });
  if (options.key !== undefined) headers.set("authorization", `Bearer ${options.key}`);
  if (options.cookie !== undefined) headers.set("cookie", options.cookie);
  if (options.body !== undefined) headers.set("content-type", "application/json");
  const body = options.body === undefined ? null : JSON.stringify(options.body);
  const request = new Request(`${ORIGIN}${path}`, { method, headers, body, redirect: "manual" });
  const response = await toWorker(request);
  const text = await response.text();
  const isJson = (response.headers.get("content-type") ?? "").includes("json");
  return { status: response.status, headers: response.headers, text, body: isJson ? JSON.parse(text) : {} };
}

/** That a credential is enough: by reading, or by a call that is refused for another reason and changes nothing. */
export async function expectLetIn(
  world: AccessWorld,
  route: string,
  entry: RouteAccess,
  key: string,
): Promise<void> {
  if (route.startsWith("GET")) {
    expect((await ask(world, route, entry, { key })).status).toBe(200);
    return;
  }
  const body = entry.of === undefined ? { no_such_parameter: true } : entry.body?.(missingIds(world));
  const answer = await ask(world, route, entry, { key, ids: missingIds(world), body });
  expect(answer.status === 200 || answer.status === (entry.of === undefined ? 422 : 404)).toBe(true);
}

/** An answer without what must differ: the request's id, and the id that the caller himself gave. */
export function sameWords(
  world: AccessWorld,
  answer: { status: number; text: string; body: { request_id?: string } },
  used: Ids,
) {
  const given = [...Object.values(used), world.ours.scope.environmentId, MISSING];
  const text = given.reduce((words, id) => words.replaceAll(id, "…"), answer.text);
  return { status: answer.status, text: text.replace(answer.body.request_id ?? "", "") };
}
