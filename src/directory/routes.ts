// Doors of tenants, environments and API keys: by root, and API keys also by an admin key of their environment.

import { createRoute } from "@hono/zod-openapi";
import type * as z from "zod";
import { apiKeyOf, scopeOf } from "../http/app-env.ts";
import { idParams } from "../http/fields.ts";
import { idempotent } from "../http/idempotency.ts";
import { byCreation, pageQuery } from "../http/list.ts";
import { listRoute } from "../http/read-routes.ts";
import { answers, BY_API_KEY, BY_ROOT, createRouter, jsonBody } from "../http/router.ts";
import { access } from "./access.ts";
import { listApiKeys } from "./api-key-store.ts";
import { createApiKey, revokeApiKey } from "./manage-api-keys.ts";
import { createEnvironment, createTenant, getEnvironment, getTenant } from "./manage-tenants.ts";
import * as schema from "./schema.ts";
import { listEnvironments, listTenants } from "./store.ts";

const byRoot = { middleware: [access("root"), idempotent], security: BY_ROOT, tags: ["Tenants"] };
const byAdmin = {
  middleware: [access("admin", { right: "api_keys" }), idempotent],
  security: BY_API_KEY,
  tags: ["API keys"],
};

export const tenantRoutes = createRouter()
  .openapi(
    createRoute({
      ...byRoot,
      method: "post",
      path: "/tenants",
      summary: "Create a tenant",
      request: { body: jsonBody(schema.createTenantBody) },
      responses: answers(201, schema.tenantSchema, "The tenant"),
    }),
    async (c) => c.json(schema.toTenant(await createTenant(c.get("deps"), c.req.valid("json"))), 201),
  )
  .openapi(
    ...listRoute({
      ...byRoot,
      path: "/tenants",
      summary: "List tenants",
      answer: "Tenants, newest first",
      query: schema.listTenantsQuery,
      item: schema.tenantSchema,
      list: (c, { query, page }) => listTenants(c.get("deps"), page, query.q),
      toItem: schema.toTenant,
      positionOf: byCreation,
    }),
  )
  .openapi(
    createRoute({
      ...byRoot,
      method: "get",
      path: "/tenants/{tenant_id}",
      summary: "Get a tenant",
      request: { params: schema.tenantParams },
      responses: answers(200, schema.tenantSchema, "The tenant"),
    }),
    async (c) => c.json(schema.toTenant(await getTenant(c.get("deps"), c.req.valid("param").tenant_id)), 200),
  )
  .openapi(
    createRoute({
      ...byRoot,
      method: "post",
      path: "/tenants/{tenant_id}/environments",
      summary: "Create an environment, live or test for good",
      request: { params: schema.tenantParams, body: jsonBody(schema.createEnvironmentBody) },
      responses: answers(201, schema.environmentSchema, "The environment"),
    }),
    async (c) => {
      const row = await createEnvironment(c.get("deps"), c.req.valid("param").tenant_id, c.req.valid("json"));
      return c.json(schema.toEnvironment(row), 201);
    },
  )
  .openapi(
    ...listRoute({
      ...byRoot,
      path: "/tenants/{tenant_id}/environments",
      summary: "List a tenant's environments",
      answer: "Environments, newest first",
      params: schema.tenantParams,
      query: pageQuery,
      item: schema.environmentSchema,
      list: async (c, { params, page }) => {
        const { id } = await getTenant(c.get("deps"), params.tenant_id);
        return listEnvironments(c.get("deps"), id, page);
      },
      toItem: schema.toEnvironment,
      positionOf: byCreation,
    }),
  );

const KEYS_OF_ENVIRONMENT = "/tenants/{tenant_id}/environments/{environment_id}/api_keys";
const pathScope = (param: { tenant_id: string; environment_id: string }) => ({
  tenantId: param.tenant_id,
  environmentId: param.environment_id,
});

export function toNewKey({
  expires_at,
  allowed_addresses,
  ...input
}: z.output<typeof schema.createApiKeyBody>) {
  return { ...input, expiresAtMs: expires_at ?? null, allowedAddresses: allowed_addresses ?? null };
}

export const apiKeyRoutes = createRouter()
  .openapi(
    createRoute({
      ...byRoot,
      method: "post",
      path: KEYS_OF_ENVIRONMENT,
      summary: "Create an API key; it is shown this once",
      request: { params: schema.environmentParams, body: jsonBody(schema.createApiKeyBody) },
      responses: answers(201, schema.newApiKeySchema, "The key, in clear this once"),
    }),
    async (c) => {
      const scope = pathScope(c.req.valid("param"));
      const made = await createApiKey(c.get("deps"), scope, toNewKey(c.req.valid("json")), null);
      return c.json({ ...schema.toApiKey(made.row), key: made.key }, 201);
    },
  )
  .openapi(
    ...listRoute({
      ...byRoot,
      path: KEYS_OF_ENVIRONMENT,
      summary: "List an environment's API keys",
      answer: "API keys, newest first",
      params: schema.environmentParams,
      query: pageQuery,
      item: schema.apiKeySchema,
      list: async (c, { params, page }) => {
        const scope = pathScope(params);
        await getEnvironment(c.get("deps"), scope);
        return listApiKeys(c.get("deps"), scope, page);
      },
      toItem: schema.toApiKey,
      positionOf: byCreation,
    }),
  )
  .openapi(
    createRoute({
      ...byRoot,
      method: "delete",
      path: `${KEYS_OF_ENVIRONMENT}/{id}`,
      summary: "Revoke an API key and all that it made, from the next request on",
      request: { params: schema.environmentKeyParams },
      responses: answers(200, schema.apiKeySchema, "The revoked key"),
    }),
    async (c) => {
      const param = c.req.valid("param");
      return c.json(schema.toApiKey(await revokeApiKey(c.get("deps"), pathScope(param), param.id)), 200);
    },
  )
  .openapi(
    createRoute({
      ...byAdmin,
      method: "post",
      path: "/api_keys",
      summary: "Create an API key of this environment; it is shown this once",
      description:
        "It ends with the key that makes it: it expires with that one at the latest, is revoked with it, and has of its role, rights and addresses at most what that one has.",
      request: { body: jsonBody(schema.createApiKeyBody) },
      responses: answers(201, schema.newApiKeySchema, "The key, in clear this once"),
    }),
    async (c) => {
      const maker = apiKeyOf(c);
      const made = await createApiKey(c.get("deps"), maker.scope, toNewKey(c.req.valid("json")), maker);
      return c.json({ ...schema.toApiKey(made.row), key: made.key }, 201);
    },
  )
  .openapi(
    ...listRoute({
      ...byAdmin,
      path: "/api_keys",
      summary: "List this environment's API keys",
      answer: "API keys, newest first",
      query: pageQuery,
      item: schema.apiKeySchema,
      list: (c, { page }) => listApiKeys(c.get("deps"), scopeOf(c), page),
      toItem: schema.toApiKey,
      positionOf: byCreation,
    }),
  )
  .openapi(
    createRoute({
      ...byAdmin,
      method: "delete",
      path: "/api_keys/{id}",
      summary: "Revoke an API key of this environment and all that it made, from the next request on",
      request: { params: idParams },
      responses: answers(200, schema.apiKeySchema, "The revoked key"),
    }),
    async (c) =>
      c.json(schema.toApiKey(await revokeApiKey(c.get("deps"), scopeOf(c), c.req.valid("param").id)), 200),
  );
