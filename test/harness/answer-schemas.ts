// What openapi.json says of each answer and each message, as one JSON Schema: read once, when the tests begin, and handed to their
// workers as a binding, so that no test file has to read the document.

import { readFileSync } from "node:fs";
import { join } from "node:path";

type Value = string | number | boolean | null | Value[] | { [name: string]: Value };
type Schema = { [keyword: string]: Value };
type Operation = { responses: Record<string, { content?: Record<string, { schema: Schema }> }> };
type Message = { post: { requestBody: { content: { "application/json": { schema: Schema } } } } };
type Document = {
  paths: Record<string, Record<string, Operation>>;
  webhooks: Record<string, Message>;
  components: { schemas: Record<string, Schema> };
};

/**
 * `answers`: by `GET /api/v1/invoices/{id}`, by status or `4XX`, by content type, where the schema is in `$defs`;
 * `messages`: the same of what is sent to event destinations, by type.
 */
export type AnswerSchemas = {
  answers: Record<string, Record<string, Record<string, string>>>;
  messages: Record<string, string>;
  $defs: Record<string, Schema>;
};

export function readAnswerSchemas(): AnswerSchemas {
  const text = readFileSync(join(import.meta.dirname, "..", "..", "openapi.json"), "utf8");
  const { paths, webhooks, components }: Document = JSON.parse(
    text.replaceAll('"#/components/schemas/', '"#/$defs/'),
    (_, value) => closed(value),
  );
  const made: AnswerSchemas = { answers: {}, messages: {}, $defs: { ...components.schemas } };
  for (const [path, item] of Object.entries(paths)) {
    for (const [method, { responses }] of Object.entries(item)) {
      const name = `${method.toUpperCase()} ${path}`;
      const answers: AnswerSchemas["answers"][string] = {};
      for (const [status, { content = {} }] of Object.entries(responses)) {
        const places: Record<string, string> = {};
        for (const [type, { schema }] of Object.entries(content)) {
          const place = `${name} ${status} ${type}`;
          made.$defs[place] = schema;
          places[type] = place;
        }
        answers[status] = places;
      }
      made.answers[name] = answers;
    }
  }
  for (const [type, { post }] of Object.entries(webhooks)) {
    made.messages[type] = `message ${type}`;
    made.$defs[`message ${type}`] = post.requestBody.content["application/json"].schema;
  }
  return made;
}

// The document leaves an answer open, so that a field more breaks nobody's client. A field that it does not name is
// a fault here all the same: nobody could read what it means.
function closed(value: unknown): unknown {
  const isOpen =
    typeof value === "object" &&
    value !== null &&
    "properties" in value &&
    "type" in value &&
    (typeof value.type === "string" || Array.isArray(value.type)) &&
    !("additionalProperties" in value);
  return isOpen ? { ...value, additionalProperties: false } : value;
}
