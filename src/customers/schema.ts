// Requests and answers of customers.

import { z } from "zod";
import { metadataField, nameField, ownIdField, timestamp, timestampField } from "../http/fields.ts";
import { listQuery } from "../http/list.ts";
import type { CustomerRow } from "./store.ts";

export const customerParams = z.object({ id: z.string() });
export const pageQuery = z.strictObject(listQuery);

const part = z.string().trim().max(200).nullish();
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
    .regex(/^[A-Z]{2}$/, { error: "Give a two-letter country code, such as DE." })
    .nullish(),
});

export const createCustomerBody = z.strictObject({
  id: ownIdField.optional().meta({ description: "The platform's own id, if it has one." }),
  name: nameField,
  email: z.email({ error: "Give an e-mail address." }).max(320).nullish(),
  phone: z.string().trim().max(50).nullish(),
  address: addressField.nullish(),
  metadata: metadataField.optional(),
});

export const customerSchema = z
  .object({
    id: z.string(),
    object: z.literal("customer"),
    name: z.string(),
    email: z.string().nullable(),
    phone: z.string().nullable(),
    address: addressField.nullable(),
    metadata: z.record(z.string(), z.string()),
    stripe_customer_id: z.string().nullable(),
    sync_status: z.enum(["pending", "synced", "failed", "off"]),
    sync_error: z.string().nullable(),
    created_at: timestampField,
    updated_at: timestampField,
  })
  .meta({ id: "Customer" });

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
