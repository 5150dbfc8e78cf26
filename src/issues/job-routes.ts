// Doors of the jobs that gave up or wait: what they are, done again, taken off the list.

import { createRoute } from "@hono/zod-openapi";
import { access } from "../directory/access.ts";
import { ledgerOf } from "../http/app-env.ts";
import { idParams } from "../http/fields.ts";
import { idempotent } from "../http/idempotency.ts";
import { listRoute } from "../http/read-routes.ts";
import { answers, BY_API_KEY, createRouter } from "../http/router.ts";
import type { OutboxRow } from "../ledger/outbox/outbox-row.ts";
import * as schema from "./job-schema.ts";

const common = { security: BY_API_KEY, tags: ["Jobs"] };
const deciding = { ...common, method: "post" as const, middleware: [access("write"), idempotent] };

/** Where a job stands in the list: by when it last changed. */
export function positionOfJob(row: OutboxRow) {
  return { timeMs: row.updatedAtMs, id: row.id };
}

export const jobRoutes = createRouter()
  .openapi(
    ...listRoute({
      ...common,
      middleware: [access("read")],
      path: "/jobs",
      summary: "List the work that gave up or waits",
      description: "What fails is tried again by itself for hours; only what gave up or waits is listed.",
      answer: "Jobs, the last changed first",
      query: schema.listJobsQuery,
      item: schema.jobSchema,
      list: (c, { query, page: { limit, after } }) =>
        ledgerOf(c).listStuckWork({ filter: schema.toJobFilter(query), limit: limit + 1, after }),
      toItem: schema.toJob,
      positionOf: positionOfJob,
    }),
  )
  .openapi(
    createRoute({
      ...deciding,
      path: "/jobs/{id}/retry",
      summary: "Do a job again that gave up",
      description:
        "It begins anew, with all its tries before it. 409 for one that has not given up, and for one that could do harm a second time.",
      request: { params: idParams },
      responses: answers(202, schema.jobSchema, "The job, on its way"),
    }),
    async (c) => c.json(schema.toJob(await ledgerOf(c).retryWork(c.req.valid("param"))), 202),
  )
  .openapi(
    createRoute({
      ...deciding,
      path: "/jobs/{id}/dismiss",
      summary: "Take a job that gave up off the list",
      description: "What it was to do stays undone. The audit log keeps why it had given up.",
      request: { params: idParams },
      responses: answers(200, schema.dismissedJobSchema, "It is off the list"),
    }),
    async (c) => {
      const { id } = c.req.valid("param");
      await ledgerOf(c).dismissWork({ id });
      return c.json({ id, object: "job" as const, dismissed: true as const }, 200);
    },
  );
