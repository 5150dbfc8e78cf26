// Stripe's side of a simulation: the sandbox, which answers wrongly where the plan says so, and its webhooks.

import type Stripe from "stripe";
import { sandbox } from "../harness/sandbox.ts";
import { eventsOf, signatureFor } from "../harness/stripe-delivery.ts";
import type { TestWorld } from "../harness/world.ts";
import type { Plan } from "./faults-plan.ts";
import { callOut, type Scene, setNow, type Webhook } from "./faults-scene.ts";
import { request } from "./faults-worker.ts";

const TIMEOUT_MS = 10_000;
export const RETRY_AFTER_SECONDS = 90;
// Stripe's own waits grow from minutes to hours.
const AGAIN_MS = 5 * 60_000;

/** Answers a call of the Worker's to Stripe's API. */
export async function askStripe(scene: Scene, asked: Request): Promise<Response> {
  return callOut(scene, "stripe", async (trouble) => {
    const call = `${asked.method} ${new URL(asked.url).pathname}`;
    scene.stripeCalls.push({ atMs: scene.moment.nowMs, call, trouble });
    if (trouble === "timeout") {
      setNow(scene, scene.moment.nowMs + TIMEOUT_MS);
      // What stripe-node sees of a fetch that its own time-out ended.
      throw Object.assign(new Error("The operation was aborted"), { name: "AbortError" });
    }
    const { faults } = sandbox.world;
    const kinds = ["rate_limit", "server_error", "cut_before", "cut_after"] as const;
    const kind = kinds.find((one) => one === trouble);
    if (kind) faults.push({ kind, times: 1, retryAfterSeconds: RETRY_AFTER_SECONDS });
    try {
      return await sandbox.fetch(asked);
    } finally {
      faults.length = 0;
    }
  });
}

/** Plans a webhook for each event that has happened since. */
export function planWebhooks({ moment }: Scene, world: TestWorld, types: readonly string[]): void {
  const events = eventsOf(world);
  const fresh = events.slice(moment.eventsSeen).filter(({ type }) => types.includes(type));
  moment.eventsSeen = events.length;
  // Stripe promises no order: here the newest comes first, so that events are ahead of what they need.
  const webhooks = fresh.map(({ id }) => ({ eventId: id, dueMs: moment.nowMs, attempts: 0 }));
  moment.webhooks.push(...webhooks.reverse());
}

/** Sends one webhook to the Worker's door; what is not answered with 2xx is sent again later. */
export async function sendWebhook(
  scene: Scene,
  world: TestWorld,
  webhook: Webhook,
  plan: Plan,
): Promise<void> {
  const event = sandbox.world.accounts[world.accountId]?.events[webhook.eventId] as Stripe.Event;
  const body = JSON.stringify(event, null, 2);
  const signature = await signatureFor(body, world.webhookSecret);
  const headers = { "stripe-signature": signature, "content-type": "application/json" };
  const posted = new Request(world.webhookUrl, { method: "POST", headers, body });
  const answer = await request(scene, "door", plan, posted);
  if (answer !== "died" && answer.ok) return;
  const attempts = webhook.attempts + 1;
  scene.moment.webhooks.push({ ...webhook, attempts, dueMs: scene.moment.nowMs + AGAIN_MS * attempts });
}
