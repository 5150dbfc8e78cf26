// A command that can be pasted: credentials and ids come from shell variables, so that none is in a history.
// Pure.

import { exampleBody } from "./example-value.ts";
import type { ApiCall, Schemas } from "./read-openapi.ts";

/** @returns null for a door that only Stripe can call */
export function curlExample(call: ApiCall, origin: string, schemas: Schemas): string | null {
  if (call.caller === "nobody") return null;
  const url = `"${origin}${pathWithVariables(call.path)}"`;
  const parts = [
    ...(call.method === "GET" ? [`curl ${url}`] : [`curl -X ${call.method}`, url]),
    `-H "Authorization: Bearer ${call.caller === "root" ? "$ROOT_TOKEN" : "$QUITTANCE_KEY"}"`,
  ];
  if (call.body) {
    parts.push(`-H "Content-Type: application/json"`);
    parts.push(`-d ${quoted(JSON.stringify(exampleBody(call.body.schema, schemas), null, 2))}`);
  }
  return parts.join(" \\\n  ");
}

/** `/invoices/{id}` -> `/invoices/$ID` */
function pathWithVariables(path: string): string {
  return path.replaceAll(/\{(\w+)\}/g, (_, name: string) => `$${name.toUpperCase()}`);
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
