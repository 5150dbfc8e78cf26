import { expect, test, vi } from "vitest";
import { createTenantWorld } from "../harness/world.ts";
import { createClockwork, createDestination, createReceiver, deliveriesOf, invoicePaid } from "./receiver.ts";

/**
 * A hundredth of each time-out that is asked for, so that no test need wait it out.
 * @returns the longest that was asked for, ms
 */
async function hastened(run: () => Promise<unknown>): Promise<number> {
  const timeout = AbortSignal.timeout.bind(AbortSignal);
  const asked = vi.spyOn(AbortSignal, "timeout").mockImplementation((ms) => timeout(ms / 100));
  try {
    await run();
    return Math.max(...asked.mock.calls.map(([ms]) => ms));
  } finally {
    asked.mockRestore();
  }
}

/** One message to a destination that answers so, and what became of it. */
async function deliverTo(answer: () => Promise<Response>) {
  const world = await createTenantWorld();
  const receiver = createReceiver();
  const destination = await createDestination(world, receiver);
  receiver.answer = answer;
  const clock = createClockwork();
  await clock.announce(world.scope, invoicePaid("inv_answer"));
  const longestMs = await hastened(() => clock.run(1));
  const [delivery] = await deliveriesOf(world, destination.id);
  return { delivery, longestMs };
}

test.each([
  [200, "succeeded"],
  [500, "pending"],
])(
  "a body that never comes after a %i is not waited for beyond the 15 s of the whole try",
  async (status, becomes) => {
    const { delivery, longestMs } = await deliverTo(
      async () => new Response(new ReadableStream({ cancel: () => new Promise(() => {}) }), { status }),
    );
    expect(longestMs).toBe(15_000);
    expect(delivery).toMatchObject({ status: becomes, response_status: status });
    expect(delivery.attempt_log[0].response).toMatch(/^ \(broke off: .+\)$/);
  },
);

test("a body that drips is cut at 15 s, and what had come is kept", async () => {
  const { delivery, longestMs } = await deliverTo(async () => {
    const drops = new ReadableStream({
      async pull(controller) {
        await new Promise((resolve) => setTimeout(resolve, 40));
        controller.enqueue(new TextEncoder().encode("."));
      },
    });
    return new Response(drops, { status: 503 });
  });
  expect(longestMs).toBe(15_000);
  expect(delivery).toMatchObject({ status: "pending", response_status: 503 });
  expect(delivery.attempt_log[0].response).toMatch(/^\.{1,10} \(broke off: .+\)$/);
});

test("of a body without end the first 1,024 bytes are read, and it is ended", async () => {
  let [pulled, ended] = [0, false];
  const { delivery } = await deliverTo(async () => {
    const flood = new ReadableStream({
      pull(controller) {
        pulled += 1;
        controller.enqueue(new Uint8Array(1000).fill(120));
      },
      cancel() {
        ended = true;
      },
    });
    return new Response(flood, { status: 200 });
  });
  expect(delivery).toMatchObject({ status: "succeeded", response_status: 200 });
  expect(delivery.attempt_log[0].response).toBe("x".repeat(1024));
  expect(pulled).toBeLessThan(6);
  expect(ended).toBe(true);
});

test("an answer that is no text, or holds a NUL, is logged as far as it can be", async () => {
  const { delivery } = await deliverTo(
    async () => new Response(new Uint8Array([0x6f, 0x6b, 0, 0xff, 0xfe, 0x21]), { status: 400 }),
  );
  expect(delivery.attempt_log[0].response).toBe("ok\uFFFD\uFFFD\uFFFD!");
});

test("a redirect is a failure, and is not followed", async () => {
  const world = await createTenantWorld();
  const receiver = createReceiver();
  const elsewhere = createReceiver();
  const destination = await createDestination(world, receiver);
  receiver.answer = async () => new Response(null, { status: 307, headers: { location: elsewhere.url } });
  const clock = createClockwork();
  await clock.announce(world.scope, invoicePaid("inv_redirect"));
  await clock.run(1);

  const [delivery] = await deliveriesOf(world, destination.id);
  expect(delivery).toMatchObject({
    status: "pending",
    response_status: 307,
    error: "The destination answered 307. Redirects are not followed.",
  });
  expect(elsewhere.received).toHaveLength(0);
});

test.each([
  [200, true],
  [204, true],
  [299, true],
  [300, false],
  [304, false],
  [308, false],
  [401, false],
  [429, false],
  [599, false],
])("%i is success: %s", async (status, ok) => {
  const { delivery } = await deliverTo(async () => new Response(null, { status }));
  expect(delivery).toMatchObject({ status: ok ? "succeeded" : "pending", response_status: status });
});
