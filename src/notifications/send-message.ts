// One POST to a destination: its address checked again, signed, 15 s at most, no redirect followed, at most
// 1 KB of the answer read. Whatever happens is an outcome, not an error.

import type { Sent } from "../ledger/notifications/delivery-state.ts";
import type { Deps } from "../platform/deps.ts";
import { errorText } from "../platform/logger.ts";
import { checkAddress } from "./check-address.ts";
import { signMessage } from "./sign-message.ts";

export const TIME_OUT_MS = 15_000;
export const MAX_RESPONSE_BYTES = 1024;

/**
 * @param secrets in clear, newest first
 * @throws AppError `resolver_unavailable` (retryable): then nothing was sent
 */
export async function sendMessage(
  deps: Deps,
  url: string,
  secrets: readonly string[],
  message: { id: string; body: string },
): Promise<Sent> {
  const address = await checkAddress(deps.config, url);
  const startedMs = deps.now();
  const took = () => Math.max(deps.now() - startedMs, 0);
  const failed = (error: string): Sent => ({
    status: null,
    error,
    durationMs: took(),
    response: null,
    retryAfterSeconds: null,
  });
  if (!address.ok) return failed(`Not sent. ${address.reason}`);
  if (secrets.length === 0) return failed("The destination has no signing secret. Rotate it.");
  const timeOut = AbortSignal.timeout(TIME_OUT_MS);
  try {
    const response = await fetch(address.url, {
      method: "POST",
      headers: {
        ...signMessage(secrets, message.id, message.body, startedMs),
        "content-type": "application/json",
        "user-agent": "Quittance",
      },
      body: message.body,
      // A redirect could lead to an address that nobody has checked.
      redirect: "manual",
      signal: timeOut,
    });
    const text = await readStart(response, timeOut);
    const retryAfterSeconds = readRetryAfter(response, startedMs);
    return { status: response.status, error: null, durationMs: took(), response: text, retryAfterSeconds };
  } catch (error) {
    return failed(wordsOf(error));
  }
}

function wordsOf(error: unknown): string {
  const timedOut = error instanceof Error && ["TimeoutError", "AbortError"].includes(error.name);
  return timedOut ? "No answer within 15 s." : `No answer: ${errorText(error)}`;
}

/** How long the destination asks to be left alone: in seconds or as a date (RFC 9110, 10.2.3). */
function readRetryAfter({ status, headers }: Response, nowMs: number): number | null {
  const asked = headers.get("retry-after")?.trim();
  if (!asked || ![429, 503].includes(status)) return null;
  const seconds = /^\d+$/.test(asked) ? Number(asked) : (Date.parse(asked) - nowMs) / 1000;
  return Number.isFinite(seconds) && seconds > 0 ? seconds : null;
}

/**
 * The first bytes of an answer; the rest is never read. An answer that breaks off, or drips on when the time is
 * over, keeps what had come.
 */
async function readStart(response: Response, timeOut: AbortSignal): Promise<string> {
  if (!response.body) return "";
  const over = aborted(timeOut);
  const reader = response.body.getReader();
  const decoder = new TextDecoder();
  let text = "";
  let left = MAX_RESPONSE_BYTES;
  try {
    while (left > 0) {
      const { done, value } = await Promise.race([reader.read(), over]);
      if (done) break;
      text += decoder.decode(value.subarray(0, left), { stream: true });
      left -= value.byteLength;
    }
  } catch (error) {
    // The status is the answer, and it has come.
    text = `${text} (broke off: ${errorText(error)})`;
  }
  // Not waited for: a sender that does not end must not hold the try up.
  reader.cancel().catch(() => {});
  // SQLite's text functions end at a NUL.
  return text.replaceAll("\0", "\uFFFD");
}

function aborted(signal: AbortSignal): Promise<never> {
  const over = new Promise<never>((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
  // It may come when nobody waits for it any more.
  over.catch(() => {});
  return over;
}
