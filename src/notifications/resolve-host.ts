// Looks a name up by DNS over HTTPS: a Worker has no resolver of its own to ask.

import * as z from "zod";
import { AppError } from "../platform/app-error.ts";

// https://developers.cloudflare.com/1.1.1.1/encryption/dns-over-https/make-api-requests/dns-json/
const RESOLVER = "https://cloudflare-dns.com/dns-query";
const TIME_OUT_MS = 3_000;
const RECORD_TYPES = { A: 1, AAAA: 28 } as const;

const answerSchema = z.object({
  Answer: z.array(z.object({ type: z.number(), data: z.string() })).optional(),
});

/**
 * Every IPv4 and IPv6 address of a name; empty when it has none.
 * @throws AppError `resolver_unavailable` (retryable)
 */
export async function resolveHost(name: string): Promise<string[]> {
  const found = await Promise.all([lookUp(name, "A"), lookUp(name, "AAAA")]);
  return found.flat();
}

async function lookUp(name: string, type: keyof typeof RECORD_TYPES): Promise<string[]> {
  const query = new URLSearchParams({ name, type });
  const answer = await ask(`${RESOLVER}?${query}`);
  // A name whose own servers fail (SERVFAIL) has no address either: that is not the resolver being away.
  const records = (answer.Answer ?? []).filter((record) => record.type === RECORD_TYPES[type]);
  return records.map((record) => record.data);
}

async function ask(url: string): Promise<z.infer<typeof answerSchema>> {
  try {
    const response = await fetch(url, {
      headers: { accept: "application/dns-json" },
      signal: AbortSignal.timeout(TIME_OUT_MS),
    });
    if (!response.ok) throw new Error(`it answered ${response.status}`);
    return answerSchema.parse(await response.json());
  } catch (cause) {
    const detail = "The destination's name could not be looked up just now. Try again in a moment.";
    throw new AppError("resolver_unavailable", { detail, retryable: true, cause });
  }
}
