// The headers of every answer: nothing is guessed of its type, nobody keeps it unless it says so itself, and a browser
// that came by https comes by https again. A credential in clear is refused before anything is asked.

import { AppError } from "../platform/app-error.ts";
import { isLoopback } from "../platform/url-problem.ts";
import { bearerOf } from "./bearer.ts";

// This host alone: what runs on its subdomains is not ours to say.
const ONE_YEAR = "max-age=31536000";

/** @param url the request's */
export function setAnswerHeaders(headers: Headers, url: string): void {
  headers.set("x-content-type-options", "nosniff");
  if (!headers.has("cache-control")) headers.set("cache-control", "no-store");
  if (url.startsWith("https:")) headers.set("strict-transport-security", ONE_YEAR);
}

/**
 * Refuses an API key, or ROOT_TOKEN, that came over plain http from another machine: whoever was on the way has it.
 * @throws AppError `https_required` (403)
 */
export function refuseInClear(request: Request): void {
  if (request.url.startsWith("https:") || bearerOf(request) === null) return;
  // A tunnel or proxy before a Worker in development says by what the client came.
  if (request.headers.get("x-forwarded-proto") === "https") return;
  if (isLoopback(new URL(request.url).hostname)) return;
  const detail =
    "A key must not travel in clear: call the same address with https://. Somebody on the way may have read this one: revoke it, and make another.";
  throw new AppError("https_required", { detail });
}
