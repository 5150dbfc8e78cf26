// One id leads through all that the log says of one cause: from the door through queue, ledger and outbox to the
// delivery at an event destination.

import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { enqueueDueWork } from "../../src/ledger/outbox/enqueue-due.ts";
import { want } from "../../src/ledger/outbox/want.ts";
import { createLinkWork } from "../../src/ledger/outbox/work.ts";
import { paidWorld } from "../guarantees/paid-world.ts";
import type { Json } from "../harness/api.ts";
import { inLedger } from "../harness/in-ledger.ts";
import { deliverEvent } from "../harness/stripe-delivery.ts";
import { createOpenInvoice, createWorld, eventually } from "../harness/world.ts";
import { createDestination, createReceiver } from "../notifications/receiver.ts";

let lines: Json[];

beforeEach(() => {
  lines = [];
  const keep = (line: unknown) => {
    if (typeof line === "string" && line.startsWith('{"level":')) lines.push(JSON.parse(line));
  };
  for (const level of ["log", "warn", "error"] as const) vi.spyOn(console, level).mockImplementation(keep);
});
afterEach(() => {
  vi.restoreAllMocks();
});

const linesOf = (trace: string) =>
  lines.filter((line) => line.trace === trace || String(line.traces).split(" ").includes(trace));

test("a webhook's receipt is found from the door to the delivery of what it caused", async () => {
  const { world, succeeded } = await paidWorld();
  const receiver = createReceiver();
  await createDestination(world, receiver, { event_types: ["invoice.paid"] });
  const answer = await deliverEvent(world, succeeded);
  expect(answer.status).toBe(200);
  const delivered = await eventually(
    async () => lines.find(({ message }) => message === "delivery tried"),
    (line) => line !== undefined,
  );
  const { trace } = delivered as Json;
  expect(trace).toBe(String(answer.headers.get("x-request-id")).replace("req_", "dlv_"));
  const way = ["events taken in", "delivery tried"];
  const seen = await eventually(
    async () => linesOf(trace).map(({ message }) => message),
    (messages) => way.every((message) => messages.includes(message)),
  );
  expect(seen).toEqual(expect.arrayContaining(way));
  expect(delivered).toMatchObject({ status: 200, environment: world.scope.environmentId });
});

test("what a call of the API wants is found by the id of its request", async () => {
  const world = await createWorld();
  const { id } = await createOpenInvoice(world);
  const finalized = await eventually(
    async () => lines.find(({ message, work }) => message === "work done" && String(work).includes(id)),
    (line) => line !== undefined,
  );
  expect(finalized).toMatchObject({ trace: expect.stringMatching(/^req_/), kind: "create_payment_link" });
});

test("what the alarm enqueues again keeps what caused it", async () => {
  const world = await createWorld();
  const work = createLinkWork({ invoiceId: "inv_1", revision: 1 });
  const nowMs = Date.now();
  const first = await inLedger(
    world.scope,
    (book) => {
      book.trace = "dlv_cause";
      want(book, work);
    },
    nowMs,
  );
  const again = await inLedger(world.scope, (book) => enqueueDueWork.run(book, 500), nowMs + 10 * 60_000);
  const { kind, id } = work;
  for (const { wanted } of [first, again]) expect(wanted).toContainEqual({ kind, id, trace: "dlv_cause" });
});
