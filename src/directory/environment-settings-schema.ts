// The options of an environment as its call takes and answers them.

import * as z from "zod";
import { timestamp, timestampField } from "../http/fields.ts";
import { type EnvironmentSettings, SETTINGS_FIELDS as fields } from "../platform/environment-settings.ts";
import type { Scope } from "../platform/scope.ts";

/** Any of them; null sets one back to its default. */
export const settingsBody = z.strictObject({
  success_message: fields.success_message.optional(),
  success_redirect_url: fields.success_redirect_url.optional(),
  allowed_origins: fields.allowed_origins.optional(),
  payment_method_types: fields.payment_method_types.optional(),
  allow_promotion_codes: fields.allow_promotion_codes.nullish(),
  automatic_tax: fields.automatic_tax.nullish(),
  tax_id_collection: fields.tax_id_collection.nullish(),
  billing_address_collection: fields.billing_address_collection.nullish(),
  customer_creation: fields.customer_creation.nullish(),
  statement_descriptor: fields.statement_descriptor.optional(),
  locale: fields.locale.optional(),
  replace_switched_off_links: fields.replace_switched_off_links.nullish(),
  link_customers_by_email: fields.link_customers_by_email.nullish(),
  customer_field_owner: fields.customer_field_owner
    .partial()
    .strict()
    .nullish()
    .meta({ description: "Those that are not named stay as they are." }),
  time_zone: fields.time_zone.nullish(),
  send_email: fields.send_email.nullish(),
  reminders: fields.reminders.nullish(),
  send_receipts: fields.send_receipts.nullish(),
  email_from_name: fields.email_from_name.optional(),
  email_reply_to: fields.email_reply_to.optional(),
});

export const settingsSchema = z
  .object({
    object: z.literal("settings"),
    environment_id: z.string(),
    ...fields,
    updated_at: timestampField,
  })
  .meta({ id: "Settings" });

export function toSettings(
  scope: Scope,
  row: { settings: EnvironmentSettings; updatedAtMs: number },
): z.infer<typeof settingsSchema> {
  return {
    object: "settings",
    environment_id: scope.environmentId,
    ...row.settings,
    updated_at: timestamp(row.updatedAtMs),
  };
}
