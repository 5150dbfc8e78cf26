// What a call of Stripe's API is made of: a path, the permission it needs, what it takes and what it does.

import type { Permission } from "./authenticate.ts";
import type { SandboxContext } from "./context.ts";
import { invalidRequest } from "./errors.ts";
import type { FormTree } from "./form.ts";
import { array, type Parsed, parseShape, type Shape, string } from "./parameters.ts";
import type { AccountWorld, Caller } from "./types.ts";

export type Method = "GET" | "POST" | "DELETE";

/** What a handler is given beside its parameters. */
export type CallScope = {
  context: SandboxContext;
  caller: Caller;
  /** The account that is acted on: the key's own, or the one in the Stripe-Account header. */
  account: AccountWorld;
  accountId: string;
  /** What stands in the path for `:id`. */
  id: string;
  /** The path of this call, which is also the `url` of a list. */
  url: string;
};

export type Call<S extends Shape> = CallScope & { params: Parsed<S> };

/** What is left to do once the parameters are valid. */
export type Prepared = { expand: string[]; run(scope: CallScope): unknown };

export type Route = {
  method: Method;
  /** E.g. `/v1/payment_links/:id/line_items`. */
  path: string;
  /** Without `rak_` and `_read` or `_write`, which the method decides. */
  permission: Permission;
  /** Throws StripeApiError when a parameter is unknown, missing or invalid. */
  prepare(form: FormTree): Prepared;
};

const common = { expand: array(string()) };
const MAX_EXPAND_DEPTH = 4;

/** Declares a call. `run` gets its parameters parsed and typed, and returns the object to answer with. */
export function route<S extends Shape>(
  method: Method,
  path: string,
  permission: Permission,
  parameters: S,
  run: (call: Call<S>) => unknown,
): Route {
  return {
    method,
    path,
    permission,
    prepare(form) {
      const own: FormTree = new Map(form);
      own.delete("expand");
      const { expand = [] } = parseShape(common, onlyExpand(form));
      for (const property of expand) checkDepth(property);
      const params = parseShape(parameters, own);
      return { expand, run: (scope) => run({ ...scope, params }) };
    },
  };
}

/** The route of a path, with what stands in it for `:id`. */
export function matchRoute(
  routes: readonly Route[],
  method: string,
  path: string,
): { route: Route; id: string } | null {
  const parts = path.split("/");
  for (const candidate of routes) {
    if (candidate.method !== method) continue;
    const wanted = candidate.path.split("/");
    if (wanted.length !== parts.length) continue;
    const fits = wanted.every(
      (part, index) => part === parts[index] || (part === ":id" && parts[index] !== ""),
    );
    if (fits) return { route: candidate, id: decoded(parts[wanted.indexOf(":id")] ?? "") };
  }
  return null;
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

function onlyExpand(form: FormTree): FormTree {
  const expand = form.get("expand");
  return new Map(expand === undefined ? [] : [["expand", expand]]);
}

function checkDepth(property: string): void {
  if (property.split(".").length <= MAX_EXPAND_DEPTH) return;
  const message = `You cannot expand more than ${MAX_EXPAND_DEPTH} levels of a property. Property: ${property}`;
  throw invalidRequest(message, { param: "expand" });
}
