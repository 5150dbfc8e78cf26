// The door of what needs a person.

import { createRoute } from "@hono/zod-openapi";
import { toConnection } from "../connections/render-connection.ts";
import { findLiveConnection } from "../connections/store.ts";
import { access } from "../directory/access.ts";
import { scopeOf } from "../http/app-env.ts";
import { answers, BY_API_KEY, createRouter } from "../http/router.ts";
import { ledger } from "../ledger/client.ts";
import { findIssues } from "./find-issues.ts";
import { issuesSchema, toIssue } from "./schema.ts";

export const issueRoutes = createRouter().openapi(
  createRoute({
    security: [...BY_API_KEY],
    tags: ["Statistics"],
    middleware: [access("read")],
    method: "get",
    path: "/issues",
    summary: "What needs a person",
    description:
      "All of it in one answer, as the dashboard shows it: one cause is one issue, with what it costs and where it is mended.",
    responses: answers(200, issuesSchema, "The issues of this moment"),
  }),
  async (c) => {
    const [deps, scope] = [c.get("deps"), scopeOf(c)];
    const mine = ledger(deps, scope);
    const [stored, attention, arrivals] = await Promise.all([
      findLiveConnection(deps, scope),
      mine.readAttention({}),
      mine.findLastArrivals({}),
    ]);
    const connection = stored ? toConnection(stored, deps, arrivals) : null;
    const issues = findIssues({ connection, attention, nowMs: deps.now() });
    return c.json(
      { object: "list" as const, data: issues.map(toIssue), has_more: false as const, next_cursor: null },
      200,
    );
  },
);
