// Every page shows times in the environment's time zone, and says which it is.

import { expect, test } from "vitest";
import { createOpenInvoice, createWorld } from "../harness/world.ts";
import { open, signIn, textOf } from "./browse.ts";

test("a due date is the day that it is in the environment's time zone, UTC where none was set", async () => {
  const world = await createWorld();
  const { id } = await createOpenInvoice(world, { due_at: "2026-12-01T00:00:00+01:00" });
  const cookie = await signIn(world.keys.read);
  const textOfPage = async (path: string) => textOf((await open(`/dashboard${path}`, cookie)).html);
  expect(await textOfPage(`/invoices/${id}`)).toContain("2026-11-30 23:00:00 UTC");
  expect(await textOfPage("/invoices")).toContain("(UTC)");

  await world.api("PATCH", "/settings", { time_zone: "Europe/Berlin" });
  expect(await textOfPage(`/invoices/${id}`)).toContain("2026-12-01 00:00:00 GMT+1");
  expect(await textOfPage("/invoices")).toContain("(Europe/Berlin)");
  for (const path of ["/customers", "/payments", "/webhook-events", "/audit-log", "/subscriptions"])
    expect(await textOfPage(path)).not.toContain("(UTC)");
});
