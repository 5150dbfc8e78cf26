// Every page shows times in the environment's time zone, and says which it is.

import { expect, test } from "vitest";
import { createOpenInvoice, createWorld } from "../harness/world.ts";
import { open, signIn, textOf } from "./browse.ts";
import { insertEvent } from "./rows.ts";

test("a due date is the day that it is in the environment's time zone, UTC where none was set", async () => {
  const world = await createWorld();
  const { id } = await createOpenInvoice(world, { due_at: "2026-12-01T00:00:00+01:00" });
  const cookie = await signIn(world.keys.read);
  const textOfPage = async (path: string) => textOf((await open(`/dashboard${path}`, cookie)).html);
  expect(await textOfPage(`/invoices/${id}`)).toContain("30 Nov, 23:00:00 UTC");
  expect(await textOfPage("/invoices")).toContain("(UTC)");

  await world.api("PATCH", "/settings", { time_zone: "Europe/Berlin" });
  expect(await textOfPage(`/invoices/${id}`)).toContain("1 Dec, 00:00:00 GMT+1");
  expect(await textOfPage("/invoices")).toContain("(Europe/Berlin)");
  for (const path of ["/customers", "/payments", "/webhook-events", "/audit-log", "/subscriptions"])
    expect(await textOfPage(path)).not.toContain("(UTC)");
});

test("a time is typed in that zone too: the field says which, counts by it, and shows it again", async () => {
  const world = await createWorld();
  await world.api("PATCH", "/settings", { time_zone: "America/New_York" });
  const cookie = await signIn(world.keys.write);
  const at = Date.parse("2026-07-01T16:30:00Z");
  await insertEvent(world.scope, {
    id: "evt_then",
    status: "dead",
    type: "charge.succeeded",
    receivedAtMs: at,
  });
  const replay = (since: string) => open(`/dashboard/webhook-events/replay?received_after=${since}`, cookie);
  const before = await replay("2026-07-01T12:29:59");
  expect(textOf(before.html)).toContain("Since (America/New_York)");
  expect(textOf(before.html)).toContain("1 event fit");
  expect(textOf(before.html)).toContain("received since 2026-07-01 12:29:59 EDT");
  expect(before.html).toContain('value="2026-07-01T12:29:59"');
  // The form goes on with the moment itself.
  expect(before.html).toContain('value="2026-07-01T16:29:59.000Z"');
  expect(textOf((await replay("2026-07-01T12:30:01")).html)).toContain("0 events fit");
  // In winter its clocks are an hour further behind.
  expect((await replay("2026-01-01T12:00:00")).html).toContain('value="2026-01-01T17:00:00.000Z"');
  expect((await replay("2026-13-01T12:00")).status).toBe(422);
});
