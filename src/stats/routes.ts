// The door of statistics: an API key's own environment, or for root the whole installation.

import { createRoute } from "@hono/zod-openapi";
import * as z from "zod";
import { access } from "../directory/access.ts";
import { scopeOf } from "../http/app-env.ts";
import { answers, BY_API_KEY, BY_ROOT, createRouter } from "../http/router.ts";
import { ledger } from "../ledger/client.ts";
import { invalid } from "../platform/app-error.ts";
import { installationSchema, toInstallation } from "./installation-schema.ts";
import { readInstallation } from "./read-installation.ts";
import { statsQuery, statsSchema, toStats } from "./schema.ts";

export const statsRoutes = createRouter().openapi(
  createRoute({
    security: [...BY_API_KEY, ...BY_ROOT],
    tags: ["Statistics"],
    middleware: [access("read", { orRoot: true })],
    method: "get",
    path: "/stats",
    summary: "Counts and sums by hour, and how it stands now",
    description:
      "Kept as things happen: asking costs little, whatever the range. Hours are UTC. Root is answered for the whole installation, without a range: how many environments there are, what gave up in them, and which need somebody.",
    request: { query: statsQuery },
    responses: answers(
      200,
      z.union([statsSchema, installationSchema]),
      "Every hour of the range, and their totals",
    ),
  }),
  async (c) => {
    const { from, to } = c.req.valid("query");
    const deps = c.get("deps");
    if (c.get("principal").kind === "root") {
      if (from !== undefined || to !== undefined)
        throw invalid("from", "Hours are an environment's own: ask for a range with its API key.");
      return c.json(toInstallation(await readInstallation(deps)), 200);
    }
    const scope = scopeOf(c);
    const [stats, gauges] = await Promise.all([
      ledger(deps, scope).readStats({ fromMs: from, toMs: to }),
      ledger(deps, scope).readGauges({}),
    ]);
    return c.json(toStats(stats, gauges), 200);
  },
);
