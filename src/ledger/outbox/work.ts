// What can be done outside: its kinds, what each is about, and its id, which says what and for which object, so
// that the same work is never there twice.

import * as z from "zod";
import type { WorkKind } from "../../platform/jobs.ts";

const link = { invoiceId: z.string(), revision: z.number() };
const id = z.string();

/** Ids only: what is to be done is read when it is claimed. */
export const workSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("create_payment_link"), id, ...link }),
  z.object({ kind: z.literal("deactivate_payment_link"), id, ...link }),
  z.object({ kind: z.literal("reconcile"), id, connectionId: z.string() }),
  z.object({ kind: z.literal("send_mail"), id, mailId: z.string(), invoiceId: z.string().nullable() }),
  z.object({
    kind: z.literal("sync_customer"),
    id,
    customerId: z.string(),
    /** The fields that a try may have written at Stripe. */
    asked: z.array(z.string()).optional(),
    /** Stripe is asked what it has, also where there is nothing to write. */
    pull: z.boolean().optional(),
    /** A run over all customers waits for it and counts it. */
    ofRun: z.boolean().optional(),
    /** Of one that was deleted: the subscriptions that are to be canceled with it, by Stripe's ids. */
    cancels: z.array(z.string()).optional(),
  }),
  z.object({ kind: z.literal("run_customers"), id, run: z.enum(["import", "sync"]) }),
  z.object({ kind: z.literal("bring_parked_events"), id }),
  z.object({ kind: z.literal("mirror_subscriptions"), id, customerId: z.string() }),
]);
export type Work = z.infer<typeof workSchema>;
export type WorkOf<Kind extends WorkKind> = Extract<Work, { kind: Kind }>;

export type LinkKey = { invoiceId: string; revision: number };

export function createLinkWork({ invoiceId, revision }: LinkKey): WorkOf<"create_payment_link"> {
  const id = `create_payment_link/${invoiceId}/${revision}`;
  return { kind: "create_payment_link", id, invoiceId, revision };
}

export function deactivateLinkWork({ invoiceId, revision }: LinkKey): WorkOf<"deactivate_payment_link"> {
  const id = `deactivate_payment_link/${invoiceId}/${revision}`;
  return { kind: "deactivate_payment_link", id, invoiceId, revision };
}

/** @param invoiceId null for a mail about a payment that pays no invoice */
export function mailWork(mailId: string, invoiceId: string | null): WorkOf<"send_mail"> {
  return { kind: "send_mail", id: `send_mail/${mailId}`, mailId, invoiceId };
}

/** One for each revision: what is done for an older one never counts for a newer. */
export function syncWork(customerId: string, revision: number): WorkOf<"sync_customer"> {
  return { kind: "sync_customer", id: `${syncWorkOf(customerId)}/${revision}`, customerId };
}

/** What the ids of a customer's work begin with; a slash follows, which no customer's id has in it. */
export function syncWorkOf(customerId: string): string {
  return `sync_customer/${customerId}`;
}

/** One for each Stripe customer that a customer becomes linked to. */
export function mirrorWork(customerId: string, stripeCustomerId: string): WorkOf<"mirror_subscriptions"> {
  const id = `mirror_subscriptions/${customerId}/${stripeCustomerId}`;
  return { kind: "mirror_subscriptions", id, customerId };
}

/** One at a time of each kind. */
export function customersRunWork(run: "import" | "sync"): WorkOf<"run_customers"> {
  return { kind: "run_customers", id: `run_customers/${run}`, run };
}

/** One at a time. */
export function parkedEventsWork(): WorkOf<"bring_parked_events"> {
  return { kind: "bring_parked_events", id: "bring_parked_events/all" };
}

/** One at a time for each connection. */
export function reconcileWork(connectionId: string): WorkOf<"reconcile"> {
  return { kind: "reconcile", id: `reconcile/${connectionId}`, connectionId };
}
