// Jobs that gave up, as the queue leaves them: made by real calls while the queue is down, then given up.

import type { OutboxRow } from "../../src/ledger/outbox/outbox-row.ts";
import type { Scope } from "../../src/platform/deps.ts";
import { giveUp, outboxOf, whileQueueIsDown } from "../harness/outbox.ts";
import { createOpenInvoice, type TestWorld } from "../harness/world.ts";
import { linkedWorld } from "./action-fixture.ts";

/** Ends every job of the environment as one that has used its tries. */
export async function giveUpJobs(scope: Scope, error?: string): Promise<OutboxRow[]> {
  for (const { id } of await outboxOf(scope)) await giveUp(scope, id, error);
  return outboxOf(scope);
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
