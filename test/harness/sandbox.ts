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

globalThis.fetch = async (input, init) => {
  const request = new Request(input, init);
  if (new URL(request.url).origin !== STRIPE_ORIGIN)
    throw new Error(`The tests are offline: ${request.url} was called.`);
  return sandbox.fetch(request);
};
