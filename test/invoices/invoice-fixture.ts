// What the tests of invoices look at: an invoice as the API answers it, and what Stripe holds.

import { expect } from "vitest";
import type { Json } from "../harness/api.ts";
import { sandbox } from "../harness/sandbox.ts";
import { createOpenInvoice, eventually, type TestWorld } from "../harness/world.ts";

type World = Pick<TestWorld, "api" | "accountId">;

export async function readInvoice(world: World, id: string): Promise<Json> {
  return (await world.api("GET", `/invoices/${id}`)).body;
}

export function untilInvoice(world: World, id: string, isRight: (invoice: Json) => boolean): Promise<Json> {
  return eventually(() => readInvoice(world, id), isRight);
}

/** An open invoice whose link can be paid. */
export async function createLinkedInvoice(world: World, fields: Record<string, unknown> = {}): Promise<Json> {
  const { id } = await createOpenInvoice(world, fields);
  return untilInvoice(world, id, (seen) => seen.payment_link.status === "active");
}

export async function createDraft(world: World, fields: Record<string, unknown> = {}): Promise<Json> {
  return createOpenInvoice(world, { finalize: false, ...fields });
}

export function linksAtStripe(world: World) {
  return Object.values(sandbox.world.accounts[world.accountId]?.paymentLinks ?? {});
}

export function linkAtStripe(world: World, id: string) {
  const link = sandbox.world.accounts[world.accountId]?.paymentLinks[id];
  if (!link) throw new Error(`The sandbox has no link ${id}`);
  return link;
}

export function sessionsOf(world: World, linkId: string) {
  const sessions = Object.values(sandbox.world.accounts[world.accountId]?.sessions ?? {});
  return sessions.filter((session) => session.payment_link === linkId);
}

/** Opens the link as a payer does, and leaves it open: a card that is declined. */
export async function leaveSessionOpen(world: World, linkId: string): Promise<void> {
  const tried = await sandbox.pay(
    world.accountId,
    { paymentLinkId: linkId },
    { card: "4000 0000 0000 0002" },
  );
  expect(tried.outcome).toBe("declined");
}

export async function timelineOf(world: World, id: string): Promise<Json[]> {
  return (await world.api("GET", `/invoices/${id}/timeline?limit=100`)).body.data;
}

export async function kindsOf(world: World, id: string): Promise<string[]> {
  return (await timelineOf(world, id)).map((entry) => entry.kind);
}
