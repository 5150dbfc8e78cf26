// Requests and answers of tenants, environments and API keys.

import * as z from "zod";
import {
  nameField,
  ownIdField,
  soughtField,
  timeInput,
  timestamp,
  timestampField,
  timestampOrNull,
} from "../http/fields.ts";
import { pageQuery } from "../http/list.ts";
import { JURISDICTIONS } from "../platform/scope.ts";
import type { ApiKeyRow } from "./api-key-store.ts";
import { MOST_ADDRESSES, readRange } from "./key-addresses.ts";
import { RIGHTS, rightsOf } from "./key-rights.ts";
import type { EnvironmentRow, TenantRow } from "./store.ts";
import type { Erasure } from "./tables.ts";

export const tenantParams = z.object({ tenant_id: soughtField });
export const environmentParams = z.object({ tenant_id: soughtField, environment_id: soughtField });
export const environmentKeyParams = z.object({
  tenant_id: soughtField,
  environment_id: soughtField,
  id: soughtField,
});

const jurisdictionField = z.enum(JURISDICTIONS).meta({
  description:
    "Where all that the environment has is kept and processed; null: anywhere. It cannot be changed later. Names, API keys and sealed secrets are in the directory, which it does not bind.",
});
export const listTenantsQuery = pageQuery.extend({
  q: soughtField.optional().meta({ description: "In its name, or its whole id." }),
});
export const createTenantBody = z.strictObject({ id: ownIdField.optional(), name: nameField });
export const createEnvironmentBody = z.strictObject({
  id: ownIdField.optional(),
  name: nameField,
  livemode: z.boolean({ error: "Say true (live) or false (test); it cannot be changed later." }),
  jurisdiction: jurisdictionField.nullish(),
});
const rightsField = z.array(z.enum(RIGHTS)).max(RIGHTS.length).meta({
  description:
    "Which of the rights that go with its role the key has; left out: all of them. A `write` key without `refunds` does all else that its role may.",
});
const addressField = z
  .string()
  .max(50, { error: "At most 50 characters." })
  .transform((text, context) => {
    const range = readRange(text.trim());
    if (range !== null) return range;
    context.addIssue(
      "Give an address, or a range such as 192.0.2.0/24 or 2001:db8::/32 that begins with its network.",
    );
    return z.NEVER;
  });
export const createApiKeyBody = z.strictObject({
  name: nameField,
  role: z.enum(["admin", "write", "read"]),
  rights: rightsField.optional(),
  allowed_addresses: z
    .array(addressField)
    .min(1, { error: "Name one address at least, or leave the list out." })
    .max(MOST_ADDRESSES, { error: `At most ${MOST_ADDRESSES} addresses.` })
    .nullish()
    .meta({
      description:
        "Addresses or ranges (CIDR, IPv4 and IPv6) from which alone the key may be used. Left out: anywhere, or where the key that makes it may be used.",
    }),
  expires_at: timeInput.nullish().meta({
    description: "Left out: never, or with the key that makes it. At most that one's.",
  }),
});

const times = { created_at: timestampField, updated_at: timestampField };

export const tenantSchema = z
  .object({ id: z.string(), object: z.literal("tenant"), name: z.string(), ...times })
  .meta({ id: "Tenant" });

export const environmentSchema = z
  .object({
    id: z.string(),
    object: z.literal("environment"),
    tenant_id: z.string(),
    name: z.string(),
    livemode: z.boolean(),
    jurisdiction: jurisdictionField.nullable(),
    erased_at: timestampField.nullable(),
    ...times,
  })
  .meta({ id: "Environment" });

export const erasedEnvironmentSchema = environmentSchema
  .extend({
    lost: z.object({
      customers: z.int(),
      invoices: z.int(),
      payments: z.int(),
      refunds: z.int(),
      webhook_events: z.int(),
      payable_links: z
        .object({ count: z.int(), stripe_ids: z.array(z.string()).meta({ description: "Up to 100." }) })
        .meta({
          description:
            "Payment links that could not be switched off at Stripe: they can still be paid. Deactivate them in Stripe's dashboard under Payment Links.",
        }),
    }),
    not_undone: z.array(z.string()).meta({ description: "What could not be undone at Stripe, in words." }),
  })
  .meta({ id: "ErasedEnvironment" });

const apiKeyFields = {
  id: z.string(),
  object: z.literal("api_key"),
  tenant_id: z.string(),
  environment_id: z.string(),
  name: z.string(),
  role: z.enum(["admin", "write", "read"]),
  rights: rightsField,
  allowed_addresses: z.array(z.string()).nullable(),
  parent_id: z.string().nullable().meta({
    description: "The API key that made it, with which it is revoked; null: root made it.",
  }),
  hint: z.string().meta({ example: "qt_…x7Qd" }),
  expires_at: timestampField.nullable(),
  revoked_at: timestampField.nullable(),
  last_used_at: timestampField.nullable(),
  ...times,
};
export const apiKeySchema = z.object(apiKeyFields).meta({ id: "ApiKey" });
export const newApiKeySchema = z
  .object({ ...apiKeyFields, key: z.string().meta({ description: "The key in clear, this once." }) })
  .meta({ id: "NewApiKey" });

export function toTenant(row: TenantRow): z.infer<typeof tenantSchema> {
  return { id: row.id, object: "tenant", name: row.name, ...toTimes(row) };
}

export function toEnvironment(row: EnvironmentRow): z.infer<typeof environmentSchema> {
  return {
    id: row.id,
    object: "environment",
    tenant_id: row.tenantId,
    name: row.name,
    livemode: row.livemode,
    jurisdiction: row.jurisdiction,
    erased_at: timestampOrNull(row.erasedAtMs),
    ...toTimes(row),
  };
}

export function toErasedEnvironment(row: EnvironmentRow): z.infer<typeof erasedEnvironmentSchema> {
  const { payableLinks, webhookEvents, notUndone, ...counts } = row.erasure ?? NOTHING_LOST;
  const payable_links = { count: payableLinks.count, stripe_ids: payableLinks.stripeIds };
  const lost = { ...counts, webhook_events: webhookEvents, payable_links };
  return { ...toEnvironment(row), lost, not_undone: notUndone };
}

const NOTHING_LOST: Erasure = {
  customers: 0,
  invoices: 0,
  payments: 0,
  refunds: 0,
  webhookEvents: 0,
  payableLinks: { count: 0, stripeIds: [] },
  notUndone: [],
};

export function toApiKey(row: ApiKeyRow): z.infer<typeof apiKeySchema> {
  return {
    id: row.id,
    object: "api_key",
    tenant_id: row.tenantId,
    environment_id: row.environmentId,
    name: row.name,
    role: row.role,
    rights: rightsOf(row),
    allowed_addresses: row.allowedAddresses,
    parent_id: row.parentId,
    hint: row.keyHint,
    expires_at: timestampOrNull(row.expiresAtMs),
    revoked_at: timestampOrNull(row.revokedAtMs),
    last_used_at: timestampOrNull(row.lastUsedAtMs),
    ...toTimes(row),
  };
}

function toTimes(row: { createdAtMs: number; updatedAtMs: number }) {
  return { created_at: timestamp(row.createdAtMs), updated_at: timestamp(row.updatedAtMs) };
}
