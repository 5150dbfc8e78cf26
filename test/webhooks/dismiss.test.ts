// A dead event that nobody will mend is dismissed: it stops being told of, and everything about it stays.

import { expect, test } from "vitest";
import { insertEvent } from "../dashboard/rows.ts";
import { forgetAll } from "../harness/forget.ts";
import { createTenantWorld } from "../harness/world.ts";

async function deadWorld(count: number) {
  const world = await createTenantWorld();
  for (let index = 0; index < count; index++)
    await insertEvent(world.scope, {
      id: `evt_${index}`,
      status: "dead",
      invoiceId: "inv_1",
      error: "It failed at every try.",
      type: index % 2 === 0 ? "charge.succeeded" : "charge.updated",
    });
  const dead = async () => (await world.api("GET", "/stats")).body.present.dead_events;
  const entries = async (action: string) => (await world.api("GET", `/audit_log?action=${action}`)).body.data;
  return { world, dead, entries };
}

test("a dismissed event is ignored, says what it died of, and is dead no more; the audit log says who did it", async () => {
  const { world, dead, entries } = await deadWorld(2);
  expect(await dead()).toBe(2);
  const answer = await world.api("POST", "/webhook_events/whe_0/dismiss");
  expect(answer).toMatchObject({
    status: 200,
    body: { id: "whe_0", status: "ignored", reason: "dismissed", error: "It failed at every try." },
  });
  expect(await dead()).toBe(1);
  // Again it changes nothing, and is no second act.
  expect((await world.api("POST", "/webhook_events/whe_0/dismiss")).body).toEqual(answer.body);
  expect(await entries("webhook_event.dismissed")).toMatchObject([{ target: { id: "whe_0" } }]);
});

test("only a dead event can be dismissed", async () => {
  const { world } = await deadWorld(0);
  for (const status of ["processed", "failed", "ignored"]) {
    await insertEvent(world.scope, { id: `evt_${status}`, status, invoiceId: "inv_1" });
    const answer = await world.api("POST", `/webhook_events/whe_${status}/dismiss`);
    expect(answer).toMatchObject({ status: 409, body: { code: "conflict" } });
    expect(answer.body.detail).toContain(status);
  }
  expect((await world.api("POST", "/webhook_events/whe_none/dismiss")).status).toBe(404);
  const wrong = await world.api("POST", "/webhook_events/dismiss", { status: "failed" });
  expect(wrong.status).toBe(422);
});

test("many are dismissed by filter, each once, and the others stay", async () => {
  const { world, dead, entries } = await deadWorld(10);
  const some = await world.api("POST", "/webhook_events/dismiss", {
    status: "dead",
    type: "charge.updated",
  });
  expect(some.body).toEqual({ object: "dismissal", dismissed: 5, has_more: false, next_cursor: null });
  expect(await dead()).toBe(5);
  const all = await world.api("POST", "/webhook_events/dismiss", { status: "dead" });
  expect(all.body.dismissed).toBe(5);
  expect(await dead()).toBe(0);
  expect((await entries("webhook_events.dismissed")).map(({ detail }: never) => detail)).toEqual([
    { count: 5 },
    { count: 5, type: "charge.updated" },
  ]);
});

test("it can be replayed until it goes, which it does with its payload's age", async () => {
  const { world } = await deadWorld(1);
  await world.api("POST", "/webhook_events/whe_0/dismiss");
  const replayed = await world.api("POST", "/webhook_events/whe_0/replay");
  expect(replayed.body).toMatchObject({ replayed: true });
  await forgetAll(world.scope, 31);
  expect((await world.api("GET", "/webhook_events/whe_0")).status).toBe(404);
});
