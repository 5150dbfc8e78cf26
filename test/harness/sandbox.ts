// The Stripe that tests talk to: one sandbox a test file, in the isolate of the Worker. Nothing else can be
// reached: a call to any other host fails the test.

import { exports } from "cloudflare:workers";
import { createSandbox } from "../stripe-sandbox/sandbox.ts";
import type { Sandbox } from "../stripe-sandbox/types.ts";

const STRIPE_ORIGIN = "http://stripe.sandbox";

/** What the sandbox has sent and how it was answered, oldest first. */
export const sent: { url: string; signature: string; body: string; status: number }[] = [];

export const sandbox: Sandbox = createSandbox({
  now: () => Date.now(),
  origin: STRIPE_ORIGIN,
  autoRun: false,
  allowPrivateWebhookUrls: true,
  async send(url, init) {
    const response = await exports.default.fetch(new Request(url, { method: "POST", ...init }));
    await response.text();
    sent.push({
      url,
      signature: init.headers["Stripe-Signature"] ?? "",
      body: init.body,
      status: response.status,
    });
    return { status: response.status };
  },
});

/** Event destinations that answer, by host. */
export const receivers = new Map<string, (request: Request) => Promise<Response>>();
/** What the resolver says of a host; those of receivers that are not here have a public address. */
export const addresses = new Map<string, string[]>();
const PUBLIC_ADDRESS = "93.184.215.14";

globalThis.fetch = async (input, init) => {
  const request = new Request(input, init);
  const url = new URL(request.url);
  if (url.origin === STRIPE_ORIGIN) return sandbox.fetch(request);
  if (url.origin === "https://cloudflare-dns.com") return resolve(url.searchParams);
  const receiver = receivers.get(url.host);
  if (!receiver) throw new Error(`The tests are offline: ${request.url} was called.`);
  return untilAborted(receiver(request), request.signal);
};

/** Answers as DNS over HTTPS does (application/dns-json). */
function resolve(query: URLSearchParams): Response {
  const name = query.get("name") ?? "";
  const known = addresses.get(name) ?? (receivers.has(name) ? [PUBLIC_ADDRESS] : []);
  const type = query.get("type") === "AAAA" ? 28 : 1;
  const data = known.filter((address) => address.includes(":") === (type === 28));
  return Response.json({
    Status: 0,
    Answer: data.map((address) => ({ name, type, TTL: 60, data: address })),
  });
}

function untilAborted(answer: Promise<Response>, signal: AbortSignal): Promise<Response> {
  return Promise.race([
    answer,
    new Promise<never>((_, reject) => signal.addEventListener("abort", () => reject(signal.reason))),
  ]);
}
