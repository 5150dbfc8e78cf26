// Doors of an environment's budgets: every key sees its own environment's, root sets anyone's.

import { createRoute } from "@hono/zod-openapi";
import { scopeOf } from "../http/app-env.ts";
import { answers, BY_API_KEY, BY_ROOT, createRouter, jsonBody } from "../http/router.ts";
import { access } from "./access.ts";
import { placeOfEnvironment, readBudgetUse, setBudgets } from "./budgets.ts";
import { budgetsBody, budgetsSchema, toBudgets } from "./budgets-schema.ts";
import { environmentParams } from "./schema.ts";

const byRoot = {
  middleware: [access("root")],
  security: BY_ROOT,
  tags: ["Tenants"],
  path: "/tenants/{tenant_id}/environments/{environment_id}/budgets",
};
const pathScope = (param: { tenant_id: string; environment_id: string }) => ({
  tenantId: param.tenant_id,
  environmentId: param.environment_id,
});

export const budgetRoutes = createRouter()
  .openapi(
    createRoute({
      middleware: [access("read")],
      security: BY_API_KEY,
      tags: ["Settings"],
      path: "/budgets",
      method: "get",
      summary: "Get the environment's budgets, and how much of each is used",
      responses: answers(200, budgetsSchema, "Every budget"),
    }),
    async (c) => {
      const scope = scopeOf(c);
      const { gauges, apiKeys } = await readBudgetUse(c.get("deps"), scope);
      return c.json(toBudgets(scope, gauges, apiKeys), 200);
    },
  )
  .openapi(
    createRoute({
      ...byRoot,
      method: "get",
      summary: "Get an environment's budgets, and how much of each is used",
      request: { params: environmentParams },
      responses: answers(200, budgetsSchema, "Every budget"),
    }),
    async (c) => {
      const scope = await placeOfEnvironment(c.get("deps"), pathScope(c.req.valid("param")));
      const { gauges, apiKeys } = await readBudgetUse(c.get("deps"), scope);
      return c.json(toBudgets(scope, gauges, apiKeys), 200);
    },
  )
  .openapi(
    createRoute({
      ...byRoot,
      method: "patch",
      summary: "Set some of an environment's budgets; null is the default",
      request: { params: environmentParams, body: jsonBody(budgetsBody) },
      responses: answers(200, budgetsSchema, "Every budget"),
    }),
    async (c) => {
      const scope = pathScope(c.req.valid("param"));
      const { gauges, apiKeys } = await setBudgets(c.get("deps"), scope, c.req.valid("json"));
      return c.json(toBudgets(scope, gauges, apiKeys), 200);
    },
  );
