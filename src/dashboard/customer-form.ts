// A customer as a form has it: what was typed read into the API's own fields. Of a change only what is other than the
// form has shown is sent, so that it takes back nothing that somebody has changed meanwhile.

import * as z from "zod";
import type { CustomerRow } from "../ledger/customers/customer-state.ts";
import { MOST_CUSTOMER_KEYS } from "../platform/stripe-limits.ts";

export const ADDRESS_PARTS = ["line1", "line2", "postal_code", "city", "state", "country"] as const;
type AddressPart = (typeof ADDRESS_PARTS)[number];

/** Text as it stands in the fields; empty where there is nothing. */
export type CustomerFields = Record<"id" | "name" | "email" | "phone" | AddressPart, string> & {
  metadata: [key: string, value: string][];
};

const BLANK_ROWS = 3;
// With the names of its fields encoded: as much as metadata may be, and the rest.
export const MOST_CUSTOMER_FORM_BYTES = 512 * 1024;

export const NO_CUSTOMER: CustomerFields = {
  ...{ id: "", name: "", email: "", phone: "" },
  ...{ line1: "", line2: "", postal_code: "", city: "", state: "", country: "" },
  metadata: [],
};

export function fieldsOf({ id, name, email, phone, address, metadata }: CustomerRow): CustomerFields {
  const parts = ADDRESS_PARTS.map((part) => [part, address?.[part] ?? ""] as const);
  return {
    ...{ id, name, email: email ?? "", phone: phone ?? "" },
    ...(Object.fromEntries(parts) as Record<AddressPart, string>),
    metadata: Object.entries(metadata),
  };
}

/** Those that there are, and some that are empty. */
export function metadataRows({ metadata }: CustomerFields): [key: string, value: string][] {
  const blank = Math.max(0, Math.min(BLANK_ROWS, MOST_CUSTOMER_KEYS - metadata.length));
  return [...metadata, ...Array.from({ length: blank }, (): [string, string] => ["", ""])];
}

export function readCustomerFields(form: URLSearchParams): CustomerFields {
  // Browsers send every line's end as two characters.
  const text = (name: string) => (form.get(name) ?? "").replaceAll("\r\n", "\n");
  const [keys, values] = [form.getAll("metadata_key"), form.getAll("metadata_value")];
  const metadata = keys.map((key, index): [string, string] => [
    key,
    (values[index] ?? "").replaceAll("\r\n", "\n"),
  ]);
  const single = Object.keys(NO_CUSTOMER).filter((name) => name !== "metadata");
  return {
    ...(Object.fromEntries(single.map((name) => [name, text(name)])) as Omit<CustomerFields, "metadata">),
    metadata: metadata.filter(([key, value]) => key !== "" || value !== ""),
  };
}

const shown = z.record(z.string(), z.unknown());

/** As the form has shown them: its hidden `shown`; null where that is not there. */
export function readShown(form: URLSearchParams): Partial<CustomerFields> {
  try {
    return shown.parse(JSON.parse(form.get("shown") ?? "{}")) as Partial<CustomerFields>;
  } catch {
    return {};
  }
}

/** The body of `POST /customers`: what was left empty is left out. */
export function toCreate(fields: CustomerFields): Record<string, unknown> {
  const given = [
    ["id", fields.id],
    ["email", fields.email],
    ["phone", fields.phone],
  ].filter(([, value]) => value !== "");
  const address = addressIn(fields);
  return {
    name: fields.name,
    ...Object.fromEntries(given),
    ...(address && { address }),
    metadata: Object.fromEntries(fields.metadata.filter(([, value]) => value !== "")),
  };
}

/** The body of `PATCH /customers/{id}`: what is other than was shown; emptied is null, and takes a key away. */
export function toChange(fields: CustomerFields, was: Partial<CustomerFields>): Record<string, unknown> {
  const isOther = (name: keyof CustomerFields) => fields[name] !== was[name];
  const known = new Map(Array.isArray(was.metadata) ? was.metadata : []);
  const metadata = fields.metadata.filter(([key, value]) => known.get(key) !== value);
  return {
    ...(isOther("name") && { name: fields.name }),
    ...(isOther("email") && { email: fields.email === "" ? null : fields.email }),
    ...(isOther("phone") && { phone: fields.phone === "" ? null : fields.phone }),
    ...(ADDRESS_PARTS.some(isOther) && { address: addressIn(fields) }),
    ...(metadata.length > 0 && { metadata: Object.fromEntries(metadata) }),
  };
}

function addressIn(fields: CustomerFields): Record<string, string> | null {
  const given = ADDRESS_PARTS.flatMap((part) => (fields[part] === "" ? [] : [[part, fields[part]] as const]));
  return given.length === 0 ? null : Object.fromEntries(given);
}
