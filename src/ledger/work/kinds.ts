// The kinds of work, each with what its room knows of it, and what the Worker is given to do.

import type { WorkKind } from "../../platform/jobs.ts";
import { subscriptionsMirror } from "../customers/mirror-subscriptions.ts";
import { customersRun } from "../customers/run-customers.ts";
import { customerSync } from "../customers/sync-customer.ts";
import { parkedEvents } from "../events/park-events.ts";
import { paymentLinkCreation } from "../invoices/create-payment-link.ts";
import { paymentLinkDeactivation } from "../invoices/deactivate-payment-link.ts";
import { mailSending } from "../mails/send-mail.ts";
import type { KindOfWork, Later } from "../outbox/kind-of-work.ts";
import type { Work } from "../outbox/work.ts";
import { reconciliation } from "../reconciliation/run.ts";

const KINDS = {
  create_payment_link: paymentLinkCreation,
  deactivate_payment_link: paymentLinkDeactivation,
  send_mail: mailSending,
  sync_customer: customerSync,
  mirror_subscriptions: subscriptionsMirror,
  run_customers: customersRun,
  bring_parked_events: parkedEvents,
  reconcile: reconciliation,
};

type TaskOf<Kind extends WorkKind> = Exclude<ReturnType<(typeof KINDS)[Kind]["claim"]>, Later | null>;

/** Work that is to be done now, with all that is needed to do it. */
export type ClaimedOf<Kind extends WorkKind> = {
  kind: Kind;
  id: string;
  task: TaskOf<Kind>;
  /** @see usableState */
  connection: string | null;
};
export type Claimed = { [Kind in WorkKind]: ClaimedOf<Kind> }[WorkKind];

/** The compiler cannot follow that a work and its kind go together. */
export function kindOf(work: Work): KindOfWork<WorkKind, Claimed["task"]> {
  return KINDS[work.kind] as unknown as KindOfWork<WorkKind, Claimed["task"]>;
}
