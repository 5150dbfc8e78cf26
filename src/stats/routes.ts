// The door of statistics.

import { createRoute } from "@hono/zod-openapi";
import { access } from "../directory/access.ts";
import { scopeOf } from "../http/app-env.ts";
import { answers, BY_API_KEY, createRouter } from "../http/router.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import { readStats } from "./read-stats.ts";
import { type Gauges, statsQuery, statsSchema, toStats } from "./schema.ts";

/** @param readGauges what the features say of the present, which this room may not ask them */
export function createStatsRoutes(readGauges: (deps: Deps, scope: Scope) => Promise<Gauges>) {
  return createRouter().openapi(
    createRoute({
      security: BY_API_KEY,
      tags: ["Statistics"],
      middleware: [access("read")],
      method: "get",
      path: "/stats",
      summary: "Counts and sums by hour, and how it stands now",
      description: "Kept as things happen: asking costs little, whatever the range. Hours are UTC.",
      request: { query: statsQuery },
      responses: answers(200, statsSchema, "Every hour of the range, and their totals"),
    }),
    async (c) => {
      const { from, to } = c.req.valid("query");
      const [deps, scope] = [c.get("deps"), scopeOf(c)];
      const [stats, gauges] = await Promise.all([
        readStats(deps, scope, { fromMs: from, toMs: to }),
        readGauges(deps, scope),
      ]);
      return c.json(toStats(stats, gauges), 200);
    },
  );
}
