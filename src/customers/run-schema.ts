// Answers of runs over all customers, and of one that was brought in step at once.

import * as z from "zod";
import { timestamp, timestampField, timestampOrNull } from "../http/fields.ts";
import type { ShownRun } from "../ledger/customers/start-run.ts";
import { STRIPE_FIELDS } from "../platform/stripe-customer.ts";
import { customerSchema, toCustomer } from "./schema.ts";
import type { SyncOutcome } from "./sync-now.ts";

const count = (description: string) => z.int().meta({ description });

export const customerRunSchema = z
  .object({
    object: z.literal("customer_run"),
    kind: z.enum(["import", "sync"]),
    status: z.enum(["never", "running", "waiting", "done", "failed"]).meta({
      description:
        "`never`: none has begun yet. `running`: under way, and it goes on by itself, also after a failure that may pass: `error` names that. `waiting`: the connection must heal first. `failed`: it gave up; what it had taken in stays, and asking again begins anew.",
    }),
    phase: z.enum(["customers", "subscriptions", "push", "settle"]).nullable().meta({
      description:
        "What it is, or was last, at: Stripe's customers; after an import their subscriptions; customers of ours that are sent to Stripe; and waiting until those have come to their end.",
    }),
    pages: count("Pages of Stripe's list that were taken in."),
    seen: count("Stripe's customers that were looked at."),
    created: count("Those that became customers here."),
    linked: count("Those that were linked to customers here."),
    changed: count("Customers here that took over what had changed at Stripe."),
    unchanged: count("Those of which Stripe says nothing new."),
    pushed: count("Customers of ours that were brought to Stripe."),
    failed: count("Customers of ours that Stripe refused, or that gave up: `sync_error` of each says why."),
    skipped: z.record(z.string(), z.int()).meta({
      description:
        "How many of Stripe's were left out, by the reason: the same words as `reason` of a webhook event has.",
    }),
    error: z.string().nullable(),
    started_at: timestampField.nullable(),
    finished_at: timestampField.nullable(),
  })
  .meta({ id: "CustomerRun" });

const fields = (description: string) => z.array(z.enum(STRIPE_FIELDS)).meta({ description });

export const customerSyncSchema = z
  .object({
    object: z.literal("customer_sync"),
    outcome: z.enum(["synced", "pending", "waiting", "failed"]).meta({
      description:
        "`pending`: somebody is at it, or it will be tried again by itself. `waiting`: the connection must heal first. `failed`: it gave up.",
    }),
    created_at_stripe: z.boolean().meta({ description: "Whether its customer at Stripe was made." }),
    pushed: fields("What was written at Stripe."),
    pulled: fields("What changed here, because it had changed at Stripe."),
    error: z.string().nullable(),
    customer: customerSchema,
  })
  .meta({ id: "CustomerSync" });

export function toCustomerRun(
  kind: "import" | "sync",
  run: ShownRun | null,
): z.infer<typeof customerRunSchema> {
  if (!run) return { object: "customer_run", kind, status: "never", ...NOTHING };
  const { pages, seen, created, linked, changed, unchanged, pushed, failed, skipped, error, phase } = run;
  return {
    object: "customer_run",
    kind,
    status: run.waits ? "waiting" : run.status,
    phase,
    ...{ pages, seen, created, linked, changed, unchanged, pushed, failed, skipped, error },
    started_at: timestamp(run.startedAtMs),
    finished_at: timestampOrNull(run.finishedAtMs),
  };
}

const NOTHING = {
  phase: null,
  ...{ pages: 0, seen: 0, created: 0, linked: 0, changed: 0, unchanged: 0, pushed: 0, failed: 0 },
  skipped: {},
  error: null,
  started_at: null,
  finished_at: null,
};

export function toCustomerSync({
  outcome,
  made,
  pushed,
  pulled,
  error,
  customer,
}: SyncOutcome): z.infer<typeof customerSyncSchema> {
  return {
    object: "customer_sync",
    outcome,
    created_at_stripe: made,
    ...{ pushed, pulled, error },
    customer: toCustomer(customer),
  };
}
