// Requests and answers of customers.

import * as z from "zod";
import {
  metadataField,
  nameField,
  ownIdField,
  soughtField,
  timestamp,
  timestampField,
} from "../http/fields.ts";
import { pageQuery, SOUGHT_AT_MOST } from "../http/list.ts";
import type { CustomerRow } from "../ledger/customers/customer-state.ts";
import { COUNTRIES, MOST_CHARACTERS, MOST_CUSTOMER_KEYS } from "../platform/stripe-limits.ts";
import { mailAddressField, textField } from "../platform/text-field.ts";

const part = textField(200).nullish();
const addressField = z.strictObject({
  line1: part,
  line2: part,
  city: part,
  state: part,
  postal_code: part,
  country: z
    .string()
    .trim()
    .toUpperCase()
    .refine((code) => COUNTRIES.includes(code), { error: "Give a country's two-letter code, such as DE." })
    .meta({ maxLength: 2 })
    .nullish(),
});

const answeredPart = z.string().nullish().meta({ maxLength: MOST_CHARACTERS.addressPart });
/** Stripe's parts may be longer than those that are taken here. */
const answeredAddress = z.object({
  line1: answeredPart,
  line2: answeredPart,
  city: answeredPart,
  state: answeredPart,
  postal_code: answeredPart,
  country: answeredPart,
});

const metadata = metadataField(MOST_CUSTOMER_KEYS);

export const createCustomerBody = z.strictObject({
  id: ownIdField.optional().meta({ description: "The platform's own id, if it has one." }),
  name: nameField,
  email: mailAddressField.nullish(),
  phone: textField(MOST_CHARACTERS.customerPhone).nullish(),
  address: addressField.nullish(),
  metadata: metadata.optional(),
});

export const updateCustomerBody = z
  .strictObject({
    name: nameField.optional(),
    email: createCustomerBody.shape.email,
    phone: createCustomerBody.shape.phone,
    address: createCustomerBody.shape.address.meta({ description: "Replaced as a whole; null empties it." }),
    metadata: metadata.optional().meta({
      description:
        "Merged, as Stripe does it: keys that are not named stay, and an empty string takes a key away.",
    }),
  })
  .meta({ description: "What is not named stays as it is; null empties a field." });

export const listCustomersQuery = pageQuery.extend({
  search: soughtField.optional().meta({
    description: `What a person types: an id, here or at Stripe; the beginning of a name or mail address. ${SOUGHT_AT_MOST}`,
  }),
});

export const deleteCustomerQuery = z.strictObject({
  cancel_subscriptions: z
    .enum(["true", "false"])
    .optional()
    .meta({ description: "`true`: subscriptions that have not ended are canceled at Stripe at once." }),
});

export const customerSchema = z
  .object({
    id: z
      .string()
      .meta({ description: "Of one that was made at Stripe, and taken in from there, Stripe's own." }),
    object: z.literal("customer"),
    name: z.string(),
    email: z.string().nullable(),
    phone: z.string().nullable(),
    address: answeredAddress.nullable(),
    metadata: z.record(z.string(), z.string()),
    stripe_customer_id: z
      .string()
      .nullable()
      .meta({ description: "Its customer at Stripe, once there is one." }),
    sync_status: z.enum(["pending", "synced", "failed", "off"]).meta({
      description:
        "How its last change stands at Stripe. `off`: changes are not sent there (sync_config.customer.outbound of the connection), or it has not been changed since they are.",
    }),
    sync_error: z
      .string()
      .nullable()
      .meta({ description: "Why Stripe does not have it as it is here, and what helps." }),
    created_at: timestampField,
    updated_at: timestampField,
  })
  .meta({ id: "Customer" });

export const deletedCustomerSchema = z
  .object({ id: z.string(), object: z.literal("customer"), deleted: z.literal(true) })
  .meta({ id: "DeletedCustomer" });

export function toDeletedCustomer(id: string): z.infer<typeof deletedCustomerSchema> {
  return { id, object: "customer", deleted: true };
}

export function toCustomer(row: CustomerRow): z.infer<typeof customerSchema> {
  return {
    id: row.id,
    object: "customer",
    name: row.name,
    email: row.email,
    phone: row.phone,
    address: row.address,
    metadata: row.metadata,
    stripe_customer_id: row.stripeCustomerId,
    sync_status: row.syncStatus,
    sync_error: row.syncError,
    created_at: timestamp(row.createdAtMs),
    updated_at: timestamp(row.updatedAtMs),
  };
}
