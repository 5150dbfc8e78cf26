// Jobs that gave up, as the queue leaves them: made by real calls while the queue is down, then given up.

import { env } from "cloudflare:workers";
import { vi } from "vitest";
import type { Scope } from "../../src/platform/deps.ts";
import { jobMessage } from "../../src/platform/jobs.ts";
import type { JobRow } from "../../src/platform/outbox.ts";
import { giveUpJob } from "../../src/run-job.ts";
import { ledgerSql } from "../harness/ledger-sql.ts";
import { createOpenInvoice, type TestWorld, testDeps } from "../harness/world.ts";
import { linkedWorld } from "./action-fixture.ts";

type StoredJob = Pick<JobRow, "id" | "kind" | "message" | "status" | "attempts" | "error">;

/** What is asked for meanwhile is written, and lies there. */
export async function whileQueueIsDown<T>(ask: () => Promise<T>): Promise<T> {
  const down = vi.spyOn(env.JOBS, "sendBatch").mockRejectedValue(new Error("queue down"));
  try {
    return await ask();
  } finally {
    down.mockRestore();
  }
}

export async function jobsOf(scope: Scope): Promise<StoredJob[]> {
  const rows = await ledgerSql(scope).prepare("SELECT * FROM jobs ORDER BY id").all<StoredJob>();
  return rows.results;
}

/** Ends every job of the environment as one that has used its tries. */
export async function giveUpJobs(scope: Scope, error = "Stripe did not answer."): Promise<StoredJob[]> {
  for (const { message } of await jobsOf(scope)) {
    await giveUpJob(testDeps(), jobMessage.parse(JSON.parse(message)), 21, error);
  }
  return jobsOf(scope);
}

/** An open invoice whose link could not be made. */
export async function failedLink(world: TestWorld): Promise<{ invoiceId: string; jobId: string }> {
  const invoice = await whileQueueIsDown(() => createOpenInvoice(world));
  await giveUpJobs(world.scope);
  return { invoiceId: invoice.id, jobId: `create_payment_link/${invoice.id}/1` };
}

/** A void invoice whose link could not be switched off. */
export async function payableWorld() {
  const world = await linkedWorld();
  await whileQueueIsDown(() => world.api("POST", `/invoices/${world.invoiceId}/void`));
  await giveUpJobs(world.scope);
  return { ...world, jobId: `deactivate_payment_link/${world.invoiceId}/1` };
}

export const retryPath = (jobId: string) => `/dashboard/stuck-jobs/${encodeURIComponent(jobId)}/retry`;
