// What the OpenAPI document says beside the doors themselves: what the API is, its credentials, and the messages
// to event destinations. Up here, because only the top of the house knows every object.

import type { OpenAPIHono } from "@hono/zod-openapi";
import * as z from "zod";
import { checkoutSessionSchema } from "./checkout/schema.ts";
import { connectionSchema } from "./connections/schema.ts";
import { customerSchema } from "./customers/schema.ts";
import type { AppEnv } from "./http/app-env.ts";
import { timestampField } from "./http/fields.ts";
import { invoiceSchema } from "./invoices/schema.ts";
import { mailSchema } from "./mail/schema.ts";
import { destinationSchema } from "./notifications/schema.ts";
import { disputeSchema, refundSchema } from "./payments/refund-schema.ts";
import { paymentSchema } from "./payments/schema.ts";
import {
  NOTIFICATION_TYPES,
  NOTIFICATIONS,
  type NotificationType,
  type ObjectKind,
  objectKindOf,
} from "./platform/notification-types.ts";
import { subscriptionInvoiceSchema } from "./subscriptions/invoice-schema.ts";
import { subscriptionSchema } from "./subscriptions/schema.ts";
import { webhookEventSchema } from "./webhooks/schema.ts";

export const OPENAPI = {
  openapi: "3.1.0",
  info: {
    title: "Quittance",
    version: "1",
    description:
      "Payment links, webhooks and settlement between a billing platform and its tenants' Stripe accounts. [Guides](/docs) say how it goes together, from the [quickstart](/docs/quickstart) on.",
    license: { name: "Apache-2.0", identifier: "Apache-2.0" },
  },
};

/** The shape of each kind of object that a message can carry: the API's own. */
export const OBJECT_SCHEMAS = {
  invoice: invoiceSchema,
  payment: paymentSchema,
  refund: refundSchema,
  dispute: disputeSchema,
  customer: customerSchema,
  subscription: subscriptionSchema,
  subscription_invoice: subscriptionInvoiceSchema,
  checkout_session: checkoutSessionSchema,
  mail: mailSchema,
  connection: connectionSchema,
  event_destination: destinationSchema,
  webhook_event: webhookEventSchema,
} satisfies Record<ObjectKind, z.ZodObject>;

/** Adds the credentials and the messages to the app's OpenAPI document, which its routes have begun. */
export function describeApi(app: OpenAPIHono<AppEnv>): void {
  const { openAPIRegistry: registry } = app;
  registry.registerComponent("securitySchemes", "apiKey", {
    type: "http",
    scheme: "bearer",
    description: "An API key, `qt_…`; also taken as the header `x-api-key`.",
  });
  registry.registerComponent("securitySchemes", "rootToken", {
    type: "http",
    scheme: "bearer",
    description:
      "ROOT_TOKEN: tenants, environments and API keys, the keyring, unreadable messages, what root itself did, and how the installation stands.",
  });
  for (const type of NOTIFICATION_TYPES) {
    registry.registerWebhook({
      method: "post",
      path: type,
      summary: NOTIFICATIONS[type],
      request: { headers, body: { content: { "application/json": { schema: messageSchema(type) } } } },
      responses: { "2XX": { description: "Taken. Anything else is tried again." } },
    });
  }
}

const headers = z.object({
  "webhook-id": z.string().meta({ description: "The message's id, the same at each try." }),
  "webhook-timestamp": z.string().meta({ description: "When this try was made, in seconds." }),
  "webhook-signature": z.string().meta({ description: "Standard Webhooks: `v1,` and base64, one a secret." }),
});

const deletedSchema = z
  .object({ id: z.string(), object: z.string(), deleted: z.literal(true) })
  .meta({ id: "DeletedObject", description: "In the place of an object that is not there any more." });

function messageSchema(type: NotificationType) {
  return z.object({
    id: z.string(),
    type: z.literal(type),
    test: z
      .literal(true)
      .optional()
      .meta({ description: "Only of what the test button sends: do nothing for it." }),
    created_at: timestampField,
    tenant_id: z.string(),
    environment_id: z.string(),
    data: z.object({ object: z.union([OBJECT_SCHEMAS[objectKindOf(type)], deletedSchema]) }),
  });
}
