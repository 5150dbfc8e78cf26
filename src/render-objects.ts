// The objects of outgoing messages, in the shapes of the API: each from the room that owns it. Up here,
// because notifications lie to the right of these rooms and may not ask them.

import { toCheckoutSession } from "./checkout/schema.ts";
import { toConnection } from "./connections/schema.ts";
import { findConnection } from "./connections/store.ts";
import { toCustomerOrDeleted } from "./customers/schema.ts";
import { findCustomerEvenDeleted } from "./customers/store.ts";
import { exampleObjects } from "./example-objects.ts";
import { toInvoice } from "./invoices/schema.ts";
import { findInvoice } from "./invoices/store.ts";
import { ledger } from "./ledger/client.ts";
import { findDestination } from "./notifications/destination-store.ts";
import type { ObjectSource } from "./notifications/object-source.ts";
import { toDestination } from "./notifications/schema.ts";
import { findDispute } from "./payments/dispute-store.ts";
import { toDispute, toRefund } from "./payments/refund-schema.ts";
import { findRefund } from "./payments/refund-store.ts";
import { toPayment } from "./payments/schema.ts";
import { findPayment } from "./payments/store.ts";
import type { Deps, Scope } from "./platform/deps.ts";
import { toSubscription } from "./subscriptions/schema.ts";
import { toWebhookEvent } from "./webhooks/schema.ts";

export const objects: ObjectSource = {
  render: {
    invoice: rendered(findInvoice, toInvoice),
    payment: rendered(findPayment, toPayment),
    refund: rendered(findRefund, toRefund),
    dispute: rendered(findDispute, toDispute),
    customer: rendered(findCustomerEvenDeleted, toCustomerOrDeleted),
    subscription: rendered((deps, scope, id) => ledger(deps, scope).findSubscription({ id }), toSubscription),
    checkout_session: rendered(
      (deps, scope, id) => ledger(deps, scope).findCheckoutSession({ id }),
      toCheckoutSession,
    ),
    event_destination: rendered(findDestination, toDestination),
    webhook_event: rendered(findWebhookEvent, toWebhookEvent),
    async connection(deps, scope, id) {
      const stored = await findConnection(deps, scope, id);
      if (!stored) return null;
      return toConnection(stored, deps, await ledger(deps, scope).findLastEventAtMs({}));
    },
  },
  example: exampleObjects,
};

function rendered<Row>(
  find: (deps: Deps, scope: Scope, id: string) => Promise<Row | undefined>,
  toObject: (row: Row) => object,
) {
  return async (deps: Deps, scope: Scope, id: string): Promise<object | null> => {
    const row = await find(deps, scope, id);
    return row === undefined ? null : toObject(row);
  };
}

async function findWebhookEvent(deps: Deps, scope: Scope, stripeEventId: string) {
  return (await ledger(deps, scope).findWebhookEvent({ stripeEventId })) ?? undefined;
}
