// The object of a message in the shape of the API, made of the rows that were kept with the message: the same at
// every try, whatever has become of the object since.

import { toCheckoutSession } from "../checkout/schema.ts";
import { type ConnectionView, renderConnection } from "../connections/render-connection.ts";
import { toCustomer } from "../customers/schema.ts";
import { toInvoice } from "../invoices/schema.ts";
import type { MessageRow } from "../ledger/notifications/deliveries.ts";
import type { Snapshots } from "../ledger/notifications/snapshot.ts";
import { toMail } from "../mail/schema.ts";
import { toDispute, toRefund } from "../payments/refund-schema.ts";
import { toPayment } from "../payments/schema.ts";
import type { Deps } from "../platform/deps.ts";
import { OBJECT_KINDS, type ObjectKind } from "../platform/notification-types.ts";
import { parseJson } from "../platform/parse-json.ts";
import { toSubscriptionInvoice } from "../subscriptions/invoice-schema.ts";
import { toSubscription } from "../subscriptions/schema.ts";
import { toWebhookEvent } from "../webhooks/schema.ts";
import { toDestination } from "./schema.ts";

type Rows = Omit<Snapshots, "connection"> & { connection: Snapshots["connection"] & ConnectionView };
type Render = { [Kind in ObjectKind]: (rows: Rows[Kind], deps: Pick<Deps, "publicUrl">) => object };

const RENDER: Render = {
  invoice: toInvoice,
  payment: toPayment,
  refund: toRefund,
  dispute: toDispute,
  customer: toCustomer,
  subscription: toSubscription,
  subscription_invoice: toSubscriptionInvoice,
  checkout_session: toCheckoutSession,
  mail: toMail,
  event_destination: toDestination,
  webhook_event: toWebhookEvent,
  connection: (rows, { publicUrl }) => {
    const { lastEventAtMs: eventAtMs, lastWebhookAtMs: webhookAtMs = null } = rows;
    return renderConnection(rows, publicUrl, { eventAtMs, webhookAtMs });
  },
};

/** In full, or `deleted` where it was gone when the message was made or was erased since. */
export function renderObject(deps: Pick<Deps, "publicUrl">, message: MessageRow): object {
  const { objectKind, objectId, snapshot } = message;
  const rows = parseJson(snapshot);
  if (typeof rows !== "object" || rows === null) return { id: objectId, object: objectKind, deleted: true };
  return renderRows(kindOf(objectKind), rows as Rows[ObjectKind], deps);
}

function renderRows<Kind extends ObjectKind>(
  kind: Kind,
  rows: Rows[Kind],
  deps: Pick<Deps, "publicUrl">,
): object {
  return RENDER[kind](rows, deps);
}

function kindOf(name: string): ObjectKind {
  const kind = OBJECT_KINDS.find((known) => known === name);
  if (!kind) throw new Error(`There is no kind of object '${name}'.`);
  return kind;
}
