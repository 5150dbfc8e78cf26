// Stripe's metadata: string pairs within limits, changed key by key. https://docs.stripe.com/api/metadata

import type Stripe from "stripe";
import { isMetadataKey, MOST, MOST_CHARACTERS } from "../../src/platform/stripe-limits.ts";
import { countCharacters, textProblem } from "../../src/platform/text.ts";
import { invalidRequest } from "./errors.ts";
import type { Parameter } from "./parameters.ts";

const MAX_KEYS = MOST.metadataKeys;
const { metadataKey: MAX_KEY_LENGTH, metadataValue: MAX_VALUE_LENGTH } = MOST_CHARACTERS;

/** What a caller asks of metadata: an empty value unsets its key, and `null` unsets all. */
export type MetadataChange = Stripe.Metadata | null;

/** At most 50 keys of 40 characters with values of 500. */
export function metadata(): Parameter<MetadataChange> {
  return {
    parse(node, name) {
      if (node === "") return null;
      if (!(node instanceof Map)) throw invalidRequest("Invalid object", { param: name });
      if (node.size > MAX_KEYS) throw tooManyKeys(node.size, name);
      return Object.fromEntries(Array.from(node, ([key, value]) => [key, parsePair(key, value, name)]));
    },
  };
}

/** What the object's metadata is after the change. Throws when it would have too many keys. */
export function mergeMetadata(current: Stripe.Metadata | null, change?: MetadataChange): Stripe.Metadata {
  if (change === null) return {};
  const merged = { ...current };
  for (const [key, value] of Object.entries(change ?? {})) {
    if (value === "") delete merged[key];
    else merged[key] = value;
  }
  if (Object.keys(merged).length > MAX_KEYS) throw tooManyKeys(Object.keys(merged).length, "metadata");
  return merged;
}

function parsePair(key: string, value: unknown, name: string): string {
  const param = `${name}[${key}]`;
  if (!isMetadataKey(key) || textProblem(key) !== null)
    throw invalidRequest("Invalid metadata key", { param: name });
  if (countCharacters(key) > MAX_KEY_LENGTH) {
    const message =
      `Metadata keys can have up to ${MAX_KEY_LENGTH} characters, but you passed in a key ` +
      `that is ${countCharacters(key)} characters. Invalid key: ${key}`;
    throw invalidRequest(message, { param: name });
  }
  if (typeof value !== "string") throw invalidRequest("Metadata values must be strings", { param });
  if (textProblem(value) !== null) throw invalidRequest("Invalid string", { param });
  if (countCharacters(value) > MAX_VALUE_LENGTH) {
    const message =
      `Metadata values can have up to ${MAX_VALUE_LENGTH} characters, but you passed in a value ` +
      `that is ${countCharacters(value)} characters. Invalid value: ${value}`;
    throw invalidRequest(message, { param });
  }
  return value;
}

function tooManyKeys(count: number, param: string) {
  return invalidRequest(`Metadata can have up to ${MAX_KEYS} keys, but you passed in ${count}.`, { param });
}
