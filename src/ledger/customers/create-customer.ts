// Takes in the platform's customer. A Payment Link needs no Stripe customer: one is made where customers are sent to
// Stripe, and else when something asks for it.

import { AppError } from "../../platform/app-error.ts";
import { idOfCall, resolveCall } from "../../platform/call-id.ts";
import type { Address } from "../../platform/tables/customers.ts";
import type { Book } from "../book.ts";
import { requireRoom } from "../budgets/budgets.ts";
import { want } from "../outbox/want.ts";
import { syncWork } from "../outbox/work.ts";
import { findCustomerEvenDeleted } from "./customer-rows.ts";
import { type CustomerRow, mergedMetadata } from "./customer-state.ts";
import { insertCustomer } from "./insert-customer.ts";
import { isOutbound } from "./outbound.ts";

export type CreateCustomerInput = {
  id?: string | undefined;
  name: string;
  email?: string | null | undefined;
  phone?: string | null | undefined;
  address?: Address | null | undefined;
  metadata?: Record<string, string> | undefined;
  /** Names a call that carries an Idempotency-Key; null for all others. */
  callId: string | null;
};

/** @throws AppError `already_exists`, also where the id is that of a customer who was deleted; `over_budget` */
export function createCustomer(book: Book, input: CreateCustomerInput): CustomerRow {
  const described = {
    name: input.name,
    email: input.email ?? null,
    phone: input.phone ?? null,
    address: input.address ?? null,
    metadata: mergedMetadata({}, input.metadata ?? {}),
  };
  const { id, made } = findMade(book, input, described);
  if (made) return made;
  requireRoom(book);
  const isSent = isOutbound(book);
  const row = insertCustomer(book, { id, ...described, syncStatus: isSent ? "pending" : "off" });
  if (isSent) want(book, syncWork(id, row.revision));
  return row;
}

/** @throws AppError `already_exists` where the id is taken by another than an earlier try of this call */
function findMade(
  book: Book,
  { id: givenId, callId }: CreateCustomerInput,
  described: Readonly<Record<string, unknown>>,
): { id: string; made: CustomerRow | undefined } {
  const given = givenId === undefined ? undefined : { id: givenId, as: described };
  const call = { prefix: "cus", callId, nowMs: book.nowMs, given } as const;
  const present = idOfCall(call);
  const found = present === null ? undefined : findCustomerEvenDeleted(book, present);
  const { id, made } = resolveCall(call, found);
  if (found?.id !== id) return { id, made };
  const isAlive = found.deletedAtMs === null;
  if (isAlive && made) return { id, made };
  const detail = isAlive
    ? `There is a customer '${id}' already. Choose another id, or use the one there is.`
    : `The id '${id}' was a customer's who was deleted. It is not given out again, because old invoices name it: choose another.`;
  throw new AppError("already_exists", { detail, errors: [{ path: "id", message: detail }] });
}
