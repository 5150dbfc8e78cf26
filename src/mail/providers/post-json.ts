// One POST of JSON to a provider, and what its status says of the mail.

import { errorText } from "../../platform/logger.ts";
import { type MailOutcome, PROVIDER_TIMEOUT_MS } from "../mail-provider.ts";

export type ProviderAnswer = {
  status: number;
  body: Record<string, unknown>;
  retryAfterSeconds: number | undefined;
};

/** @returns the answer, or in words why there was none: then the mail may have been taken all the same */
export async function postJson(
  url: string,
  headers: Record<string, string>,
  body: unknown,
): Promise<ProviderAnswer | { silence: string }> {
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: {
        accept: "application/json",
        "content-type": "application/json",
        "user-agent": "Quittance",
        ...headers,
      },
      body: JSON.stringify(body),
      redirect: "manual",
      signal: AbortSignal.timeout(PROVIDER_TIMEOUT_MS),
    });
    return {
      status: response.status,
      body: readObject(await response.text()),
      retryAfterSeconds: readSeconds(response.headers.get("retry-after")),
    };
  } catch (error) {
    const timedOut = error instanceof Error && error.name === "TimeoutError";
    const why = timedOut ? `it did not answer within ${PROVIDER_TIMEOUT_MS / 1000} s` : errorText(error);
    return { silence: why.replace(/\.$/, "") };
  }
}

/**
 * What an answer that is no success says of the mail. A 429 was not taken. After a 408 or a 5xx it may have
 * been: only a provider with an idempotency key is asked again.
 */
export function outcomeOfFailure(answer: ProviderAnswer, reason: string, idempotent: boolean): MailOutcome {
  const { status, retryAfterSeconds } = answer;
  if (status === 429) return { outcome: "retry", reason, inDoubt: false, retryAfterSeconds };
  if (status >= 500 || status === 408) {
    return idempotent
      ? { outcome: "retry", reason, inDoubt: true, retryAfterSeconds }
      : { outcome: "unknown", reason };
  }
  return status >= 400 ? { outcome: "refused", reason } : { outcome: "unknown", reason };
}

/** The provider's own words, without the key that was sent to it, should it repeat that. */
export function providerWords(
  provider: string,
  answer: ProviderAnswer,
  message: unknown,
  key: string,
): string {
  const said = typeof message === "string" && message !== "" ? message : `HTTP ${answer.status}`;
  return errorText(`${provider}: ${said.replaceAll(key, "…")}`);
}

function readObject(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}

function readSeconds(header: string | null): number | undefined {
  const seconds = Number(header ?? "");
  return Number.isFinite(seconds) && seconds > 0 ? seconds : undefined;
}
