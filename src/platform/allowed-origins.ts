// Where payers may be sent: to any address, or to the origins alone that an environment names. Pure.

import type { FieldError } from "./app-error.ts";
import { isLoopback, urlProblem } from "./url-problem.ts";

/** What is wrong with an origin, in a sentence; null for nothing. */
export function originProblem(text: string): string | null {
  const problem = urlProblem(text, "loopback_too");
  if (problem !== null) return problem;
  const { origin, hostname, pathname, search, hash } = new URL(text);
  if (hostname.includes("*")) return "Name each host by itself: there are no wildcards.";
  if (pathname === "/" && search === "" && hash === "") return null;
  return `Give the origin alone, without path or query: ${origin}.`;
}

/**
 * The place of an address whose origin is not among those that are allowed.
 * @param allowed null: any
 */
export function originErrors(path: string, url: string, allowed: readonly string[] | null): FieldError[] {
  // What is no address has been said already.
  if (allowed === null || !URL.canParse(url)) return [];
  const { origin } = new URL(url);
  if (allowed.includes(origin)) return [];
  const message = `Its origin ${origin} is not among the environment's allowed_origins (${allowed.join(", ")}). Send payers to one of these, or add it with PATCH /api/v1/settings.`;
  return [{ path, message }];
}

/**
 * The places of settings that do not go together: an origin that a live environment cannot have, and where a link's
 * payer goes who may not go there.
 */
export function originSettingsErrors(
  settings: { allowed_origins: readonly string[] | null; success_redirect_url: string | null },
  livemode: boolean,
): FieldError[] {
  const { allowed_origins: allowed, success_redirect_url: redirect } = settings;
  const insecure = (allowed ?? []).flatMap((origin, index) => {
    if (!livemode || !isInsecure(origin)) return [];
    const message = "In a live environment it must begin with https://.";
    return [{ path: `allowed_origins[${index}]`, message }];
  });
  return [...insecure, ...(redirect === null ? [] : originErrors("success_redirect_url", redirect, allowed))];
}

function isInsecure(origin: string): boolean {
  const { protocol, hostname } = new URL(origin);
  return protocol !== "https:" && isLoopback(hostname);
}
