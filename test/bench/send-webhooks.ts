// Stripe's side of the load: signed requests over connections that stay open, so many at once, the next one
// when an answer has come.

import { Agent, request } from "node:http";
import { signWebhook } from "../stripe-sandbox/sign-webhook.ts";
import { inParallel } from "./in-parallel.ts";
import type { Webhook } from "./world.ts";

const AT_ONCE = 16;

export type SignedWebhook = { path: string; body: string; signature: string };

/** Signs at this moment: a signature is good for five minutes. */
export function signAll(webhooks: readonly Webhook[]): Promise<SignedWebhook[]> {
  const nowSeconds = Math.floor(Date.now() / 1000);
  return Promise.all(
    webhooks.map(async ({ environment, body }) => ({
      path: environment.door,
      body,
      signature: await signWebhook(body, [environment.webhookSecret], nowSeconds),
    })),
  );
}

/** @throws Error when one is answered by anything but 200 */
export async function sendAll(origin: string, webhooks: readonly SignedWebhook[]): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });
  try {
    await inParallel(webhooks, AT_ONCE, async (webhook) => {
      const status = await postWebhook(agent, origin, webhook);
      if (status !== 200) throw new Error(`A webhook was answered with ${status}.`);
    });
  } finally {
    agent.destroy();
  }
}

/** @returns the status of its answer */
export function postWebhook(
  agent: Agent,
  origin: string,
  { path, body, signature }: SignedWebhook,
): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers = {
      "content-type": "application/json; charset=utf-8",
      "content-length": Buffer.byteLength(body),
      "stripe-signature": signature,
      "user-agent": "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
    };
    const sent = request(`${origin}${path}`, { method: "POST", agent, headers }, (response) => {
      response.resume();
      response.on("end", () => resolve(response.statusCode ?? 0));
      response.on("error", reject);
    });
    sent.on("error", reject);
    sent.end(body);
  });
}
