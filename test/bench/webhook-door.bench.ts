// How much the door costs beside the HMAC that it cannot do without: ratios within one run, since machines
// differ. `npm run bench`.

import { expect, test } from "vitest";
import { openForWebhooks } from "../../src/connections/open-connection.ts";
import { receiveEvent } from "../../src/webhooks/receive-event.ts";
import { verifySignature } from "../../src/webhooks/verify-signature.ts";
import { sandbox } from "../harness/sandbox.ts";
import { eventsOf, signatureFor } from "../harness/stripe-delivery.ts";
import { createOpenInvoice, createWorld, eventually, testDeps } from "../harness/world.ts";

const ROUNDS = 2_000;

test("the door's parts, each against one HMAC over the same body", async () => {
  sandbox.world.deliveryPolicy.withhold = true;
  const world = await createWorld();
  const invoice = await createOpenInvoice(world);
  const read = async () => (await world.api("GET", `/invoices/${invoice.id}`)).body;
  const linked = await eventually(read, (seen) => seen.payment_link.status === "active");
  await sandbox.pay(world.accountId, { paymentLinkId: linked.payment_link.id }, { card: "4242424242424242" });
  const event = eventsOf(world).find(({ type }) => type === "checkout.session.completed");
  const body = JSON.stringify(event, null, 2);
  const signature = await signatureFor(body, world.webhookSecret);
  const key = await crypto.subtle.importKey(
    "raw",
    new TextEncoder().encode(world.webhookSecret),
    { name: "HMAC", hash: "SHA-256" },
    false,
    ["sign"],
  );
  // The queue is left out: what is measured is ours.
  const deps = testDeps({ queues: { ...testDeps().queues, enqueueStripeEvent: async () => {} } });
  const now = Date.now();
  const parts: Record<string, () => Promise<unknown>> = {
    hmac: () => crypto.subtle.sign("HMAC", key, new TextEncoder().encode(`${now}.${body}`)),
    verify: () => verifySignature(body, signature, [world.webhookSecret], now),
    "verify, two secrets": () =>
      verifySignature(body, signature, ["whsec_another_one", world.webhookSecret], now),
    "open, cached": () => openForWebhooks(deps, world.scope, { fresh: false }),
    "open, fresh": () => openForWebhooks(deps, world.scope, { fresh: true }),
    "whole door": () => receiveEvent(deps, world.scope, body, signature),
  };
  const perCall: Record<string, number> = {};
  for (const [name, run] of Object.entries(parts)) perCall[name] = await measure(run);
  const hmac = perCall.hmac ?? Number.NaN;
  expect(hmac).toBeGreaterThan(0);
  for (const [part, microseconds] of Object.entries(perCall)) {
    const ratio = (microseconds / hmac).toFixed(2).padStart(8);
    console.info(`${part.padEnd(20)} ${microseconds.toFixed(1).padStart(9)} µs a call ${ratio} × one HMAC`);
  }
});

/** Microseconds a call, the best of five runs: noise only ever adds. */
async function measure(run: () => Promise<unknown>): Promise<number> {
  for (let warm = 0; warm < 200; warm++) await run();
  const runs: number[] = [];
  for (let repeat = 0; repeat < 5; repeat++) {
    const start = performance.now();
    for (let round = 0; round < ROUNDS / 5; round++) await run();
    runs.push(((performance.now() - start) * 1000) / (ROUNDS / 5));
  }
  return Math.min(...runs);
}
