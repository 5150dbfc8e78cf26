// What one environment has to do outside, however much it is and however long it takes, stands before another's by a
// few works only.

import { env } from "cloudflare:workers";
import { afterEach, expect, test, vi } from "vitest";
import { eachAtMost } from "../../src/platform/at-most.ts";
import type { WorkMessage } from "../../src/platform/jobs.ts";
import { runWorks } from "../../src/run-work.ts";
import { createOpenInvoice, createWorld, type TestWorld } from "../harness/world.ts";
import { createDestination, createReceiver } from "../notifications/receiver.ts";
import { quietDeps } from "../webhooks/deliver.ts";

const usual = globalThis.fetch;
afterEach(() => {
  globalThis.fetch = usual;
});

const FLOOD = 500;
// As Stripe's 10 s and a destination's 15 s, which nobody waits for here.
const TIME_OUT_MS = 300;

type Asked = { stripe: number; destination: number };

/**
 * Neither this world's Stripe nor its destination answers.
 * @param since nobody's time is over before
 * @returns how often each was asked
 */
function silence({ secretKey }: TestWorld, url: string, since: Promise<void>): Asked {
  const asked = { stripe: 0, destination: 0 };
  globalThis.fetch = async (input, init) => {
    const request = new Request(input, init);
    const isStripe = request.headers.get("authorization")?.includes(secretKey) === true;
    if (!isStripe && !request.url.startsWith(url)) return usual(request);
    asked[isStripe ? "stripe" : "destination"]++;
    await since;
    await new Promise((resolve) => setTimeout(resolve, TIME_OUT_MS));
    throw new DOMException("No answer.", "TimeoutError");
  };
  return asked;
}

test("behind 500 works of one whose Stripe and destination are silent, another's link is made and told of before half of them was tried", async () => {
  const [noisy, other] = [await createWorld(), await createWorld()];
  const [deaf, heard] = [createReceiver(), createReceiver()];
  await createDestination(noisy, deaf);
  await createDestination(other, heard, { event_types: ["invoice.payment_link_created"] });
  const { promise: isIn, resolve: allAreIn } = Promise.withResolvers<void>();
  const asked = silence(noisy, deaf.url, isIn);
  const customer = await noisy.api("POST", "/customers", { name: "Ada" });
  const lines = [{ description: "Pro", quantity: 1, unit_amount: 100 }];
  const body = { customer_id: customer.body.id, currency: "eur", lines, finalize: true, send_email: false };
  await eachAtMost(20, Array(FLOOD).fill(body), async (invoice) => {
    expect((await noisy.api("POST", "/invoices", invoice)).status).toBe(201);
  });

  const { id } = await createOpenInvoice(other);
  allAreIn();
  while (heard.received.length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
  const { stripe, destination } = asked;
  expect(JSON.parse(heard.received[0]?.body ?? "")).toMatchObject({
    type: "invoice.payment_link_created",
    data: { object: { id } },
  });
  expect(stripe).toBeLessThan(FLOOD / 2);
  expect(destination).toBeLessThan(FLOOD / 2);
});

test("works of one batch are done side by side by environment, and what is not begun within its turn goes to the queue's end", async () => {
  const [noisy, other] = [await createWorld(), await createWorld()];
  const asked = silence(noisy, "https://nobody.invalid", Promise.resolve());
  const held: WorkMessage[] = [];
  const deps = { ...quietDeps, queues: { ...quietDeps.queues, enqueueJobs: async () => {} } };
  const open = async (world: TestWorld): Promise<WorkMessage> => {
    const { id } = await createOpenInvoice({
      api: (method, path, body) => world.api(method, path, body),
    });
    return { ...world.scope, kind: "create_payment_link", id: `create_payment_link/${id}/1` };
  };
  vi.spyOn(env.JOBS, "sendBatch").mockImplementation(async () => ({}) as never);
  const works: WorkMessage[] = [];
  for (let n = 0; n < 9; n++) works.push(await open(noisy));
  const theirs = await open(other);
  const queues = {
    ...deps.queues,
    enqueueJobs: async (some: readonly WorkMessage[]) => void held.push(...some),
  };
  await runWorks({ ...deps, queues }, [...works, theirs], TIME_OUT_MS / 2);
  vi.restoreAllMocks();
  // Two of the nine at once beside the other's, which was the last of the batch.
  expect(asked.stripe).toBeLessThan(works.length);
  expect(held.length).toBeGreaterThan(0);
  expect(held.every(({ environmentId }) => environmentId === noisy.scope.environmentId)).toBe(true);
  const [, invoiceId] = theirs.id.split("/");
  expect((await other.api("GET", `/invoices/${invoiceId}`)).body.payment_link.status).toBe("active");
});
