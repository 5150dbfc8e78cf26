// Example bodies: what the schema requires, with values that a reader recognises and the API takes.

import type { SchemaOrRef, Schemas } from "./read-openapi.ts";
import { resolve } from "./resolve-schema.ts";

// By field name; a schema's own example wins.
const BY_NAME: Record<string, unknown> = {
  name: "Acme GmbH",
  email: "billing@acme.example",
  customer_id: "cus_4711",
  currency: "EUR",
  description: "Pro plan, November",
  quantity: 1,
  unit_amount: 12900,
  secret_key: "sk_test_YOUR_KEY",
  livemode: false,
  role: "write",
  url: "https://example.com/webhooks/quittance",
  success_url: "https://example.com/thanks",
  cancel_url: "https://example.com/cart",
  return_url: "https://example.com/account",
  amount: 5000,
  price: "price_1Q",
};

// Not required by the schema, but the call is of little use without.
const SHOWN_ANYWAY: Record<string, unknown> = {
  webhook_secret: "whsec_YOUR_ENDPOINTS_SECRET",
  thin_webhook_secret: "whsec_YOUR_THIN_DESTINATIONS_SECRET",
  finalize: true,
  line_items: [{ price: "price_1Q", quantity: 1 }],
  email: "billing@acme.example",
};

/** A body for this schema: its required fields, and those that nearly every caller gives. */
export function exampleBody(schema: SchemaOrRef, schemas: Schemas): unknown {
  const resolved = resolve(schema, schemas);
  const required = resolved.required ?? [];
  const fields = Object.entries(resolved.properties ?? {});
  // A change takes any of its fields: the first shows how.
  const shown = fields.filter(([name]) => required.includes(name) || name in SHOWN_ANYWAY);
  const chosen = shown.length > 0 || required.length > 0 ? shown : fields.slice(0, 1);
  return Object.fromEntries(chosen.map(([name, field]) => [name, exampleField(name, field, schemas)]));
}

function exampleField(name: string, field: SchemaOrRef, schemas: Schemas): unknown {
  const schema = resolve(field, schemas);
  const given =
    schema.example ?? SHOWN_ANYWAY[name] ?? (schema.enum ? schema.enum[0] : undefined) ?? BY_NAME[name];
  return given ?? byType(name, schema, schemas);
}

function byType(name: string, schema: ReturnType<typeof resolve>, schemas: Schemas): unknown {
  const type = Array.isArray(schema.type) ? schema.type.find((one) => one !== "null") : schema.type;
  if (type === "array") return schema.items ? [exampleItem(name, schema.items, schemas)] : [];
  if (type === "object") return exampleBody(schema, schemas);
  if (type === "integer" || type === "number") return schema.minimum ?? 1;
  if (type === "boolean") return true;
  if (schema.format === "date-time") return "2027-01-31T12:00:00Z";
  return "text";
}

function exampleItem(name: string, items: SchemaOrRef, schemas: Schemas): unknown {
  return resolve(items, schemas).properties
    ? exampleBody(items, schemas)
    : exampleField(name, items, schemas);
}
