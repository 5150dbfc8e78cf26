// Declares what a call takes and reads it from the form, with Stripe's errors: a parameter that is not
// declared is refused, as at Stripe, so that a misspelt one never passes unseen.

import { mailAddressProblem } from "../../src/platform/mail-address.ts";
import { countCharacters, cutText, textProblem } from "../../src/platform/text.ts";
import { urlProblem } from "../../src/platform/url-problem.ts";
import { invalidRequest, missingParameter } from "./errors.ts";
import type { FormNode, FormTree } from "./form.ts";

export type Parameter<T> = {
  required?: boolean;
  /** Throws StripeApiError; `name` is the full name, e.g. `line_items[0][quantity]`. */
  parse(node: FormNode, name: string): T;
};
export type RequiredParameter<T> = Parameter<T> & { required: true };
export type Shape = Record<string, Parameter<unknown>>;

type Value<P> = P extends Parameter<infer T> ? T : never;
type RequiredKeys<S extends Shape> = {
  [K in keyof S]: S[K] extends { required: true } ? K : never;
}[keyof S];
/** What parsing a shape gives. */
export type Parsed<S extends Shape> = { [K in RequiredKeys<S>]: Value<S[K]> } & {
  [K in Exclude<keyof S, RequiredKeys<S>>]?: Value<S[K]>;
};
/** Names only parameters that the `stripe` package knows: `{…} satisfies ParametersOf<Stripe.RefundCreateParams>`. */
export type ParametersOf<P> = { [K in keyof P]?: Parameter<unknown> };

/** Reads a whole form, or one nested hash of it. Throws for unknown, missing and invalid parameters. */
export function parseShape<S extends Shape>(shape: S, tree: FormTree, parent = ""): Parsed<S> {
  const full = (key: string) => (parent === "" ? key : `${parent}[${key}]`);
  const unknown = [...tree.keys()].filter((key) => !Object.hasOwn(shape, key)).map(full);
  if (unknown.length > 0) throw unknownParameters(unknown);
  const parsed: Record<string, unknown> = {};
  for (const [key, parameter] of Object.entries(shape)) {
    const node = tree.get(key);
    if (node !== undefined) parsed[key] = parameter.parse(node, full(key));
    else if (parameter.required) throw missingParameter(full(key));
  }
  return parsed as Parsed<S>;
}

/** A call without it is refused with `parameter_missing`. */
export function required<T>(parameter: Parameter<T>): RequiredParameter<T> {
  return { ...parameter, required: true };
}

/** An empty value unsets what is there; it is read as `null`. */
export function emptyable<T>(parameter: Parameter<T>): Parameter<T | null> {
  return { parse: (node, name) => (node === "" ? null : parameter.parse(node, name)) };
}

/** Text that is not empty. `max` in characters. */
export function string(max = 5000): Parameter<string> {
  return {
    parse(node, name) {
      if (typeof node !== "string") throw invalidRequest("Invalid string: {...}", { param: name });
      if (node === "") throw emptyString(name);
      if (textProblem(node) !== null) throw invalidRequest("Invalid string", { param: name });
      if (countCharacters(node) > max) {
        const message = `Invalid string: ${cutText(node, 20)}...; must be at most ${max} characters`;
        throw invalidRequest(message, { code: "parameter_invalid_string_too_long", param: name });
      }
      return node;
    },
  };
}

/** Text in which nothing is wrong by this rule, which says what is. */
export function stringThat(
  problemOf: (text: string) => string | null,
  max?: number,
  code?: string,
): Parameter<string> {
  const text = string(max);
  return {
    parse(node, name) {
      const value = text.parse(node, name);
      const problem = problemOf(value);
      if (problem !== null) throw invalidRequest(problem, { param: name, ...(code && { code }) });
      return value;
    },
  };
}

/** A mail address. */
export function emailAddress(max?: number): Parameter<string> {
  return stringThat(
    (address) => (mailAddressProblem(address) === null ? null : `Invalid email address: ${address}`),
    max,
    "email_invalid",
  );
}

/** The address of a page, as a payer may be sent there. */
export function url(max?: number): Parameter<string> {
  const problemOf = (text: string) => (urlProblem(text, "loopback_too") === null ? null : "Not a valid URL");
  return stringThat(problemOf, max, "url_invalid");
}

/** A whole number, with `min` and `max` included. */
export function integer(range: { min?: number; max?: number } = {}): Parameter<number> {
  return {
    parse(node, name) {
      if (typeof node !== "string" || !/^-?\d{1,15}$/.test(node)) {
        const shown = typeof node === "string" ? node : "{...}";
        throw invalidRequest(`Invalid integer: ${shown}`, { code: "parameter_invalid_integer", param: name });
      }
      const value = Number(node);
      const { min = Number.MIN_SAFE_INTEGER, max = Number.MAX_SAFE_INTEGER } = range;
      const kind = name.replace(/^.*\[(.*)\]$/, "$1");
      if (value < min) throw outOfRange(`This value must be greater than or equal to ${min}.`, name);
      if (value > max) throw outOfRange(`Invalid ${kind}: must be less than or equal to ${max}`, name);
      return value;
    },
  };
}

/** Seconds since the epoch. */
export function timestamp(): Parameter<number> {
  return integer({ min: 0 });
}

/** Seconds since the epoch, or one of these words. */
export function timestampOr<const T extends string>(...words: readonly T[]): Parameter<number | T> {
  return {
    parse: (node, name) => words.find((word) => word === node) ?? timestamp().parse(node, name),
  };
}

/** `true` or `false`; 1 and 0 are taken too. */
export function boolean(): Parameter<boolean> {
  return {
    parse(node, name) {
      if (node === "true" || node === "1") return true;
      if (node === "false" || node === "0") return false;
      throw invalidRequest(`Invalid boolean: ${String(node)}`, { param: name });
    },
  };
}

/** One of these words. */
export function oneOf<const T extends string>(...values: readonly T[]): Parameter<T> {
  return {
    parse(node, name) {
      const found = values.find((value) => value === node);
      if (found !== undefined) return found;
      const kind = name.replace(/^.*\[(\D.*)\]$/, "$1");
      throw invalidRequest(`Invalid ${kind}: must be ${listed(values)}`, { param: name });
    },
  };
}

/** `name[key]`: parameters under a name. */
export function hash<S extends Shape>(shape: S): Parameter<Parsed<S>> {
  return {
    parse(node, name) {
      if (!(node instanceof Map)) throw invalidRequest("Invalid object", { param: name });
      return parseShape(shape, node, name);
    },
  };
}

/** `item[0]`, `item[1]`… or `item[]`, `max` at the most; an empty string is the empty array. */
export function array<T>(item: Parameter<T>, max = Number.POSITIVE_INFINITY): Parameter<T[]> {
  return {
    parse(node, name) {
      if (node === "") return [];
      if (!(node instanceof Map)) throw invalidRequest("Invalid array", { param: name });
      if (node.size > max) {
        const message = `Array ${name} exceeded maximum ${max} allowed elements.`;
        throw invalidRequest(message, { param: name });
      }
      return [...node].map(([key, value]) => {
        if (!/^\d+$/.test(key)) throw invalidRequest("Invalid array", { param: name });
        return item.parse(value, `${name}[${key}]`);
      });
    },
  };
}

function unknownParameters(names: readonly string[]) {
  const message = `Received unknown parameter${names.length > 1 ? "s" : ""}: ${names.join(", ")}`;
  return invalidRequest(message, { code: "parameter_unknown", param: names[0] });
}

function emptyString(name: string) {
  const message =
    `You passed an empty string for '${name}'. We assume empty values are an attempt to unset a parameter; ` +
    `however '${name}' cannot be unset. You should remove '${name}' from your request or supply a non-empty value.`;
  return invalidRequest(message, { code: "parameter_invalid_empty", param: name });
}

function outOfRange(message: string, param: string) {
  return invalidRequest(message, { code: "parameter_invalid_integer", param });
}

function listed(values: readonly string[]): string {
  if (values.length === 1) return `${values[0]}`;
  if (values.length === 2) return `one of ${values.join(" or ")}`;
  return `one of ${values.slice(0, -1).join(", ")}, or ${values.at(-1)}`;
}
