// Puts whole objects where an answer has only their ids, for the properties that the caller named.
// https://docs.stripe.com/api/expanding_objects

import { invalidRequest } from "./errors.ts";
import { wholeList } from "./lists.ts";
import { plain } from "./plain.ts";
import type { AccountWorld } from "./types.ts";

type Json = { [key: string]: unknown };

/** Where the object behind a property is kept. A property that is not here cannot be expanded. */
const RELATIONS: Record<string, keyof AccountWorld> = {
  balance_transaction: "balanceTransactions",
  charge: "charges",
  customer: "customers",
  default_payment_method: "paymentMethods",
  default_price: "prices",
  invoice: "invoices",
  latest_charge: "charges",
  latest_invoice: "invoices",
  payment_intent: "paymentIntents",
  payment_link: "paymentLinks",
  payment_method: "paymentMethods",
  pending_setup_intent: "setupIntents",
  product: "products",
  setup_intent: "setupIntents",
  subscription: "subscriptions",
};

/** Properties that an object has only when they are asked for. */
const INCLUDED: Record<string, (account: AccountWorld, id: string) => unknown> = {
  "payment_link.line_items": (account, id) =>
    wholeList(account.paymentLinkLineItems[id] ?? [], `/v1/payment_links/${id}/line_items`),
  "checkout.session.line_items": (account, id) =>
    wholeList(account.sessionLineItems[id] ?? [], `/v1/checkout/sessions/${id}/line_items`),
  "charge.refunds": (account, id) =>
    wholeList(
      Object.values(account.refunds).filter((refund) => refund.charge === id),
      `/v1/charges/${id}/refunds`,
    ),
  "customer.subscriptions": (account, id) =>
    wholeList(
      Object.values(account.subscriptions).filter((subscription) => subscription.customer === id),
      `/v1/customers/${id}/subscriptions`,
    ),
  "invoice.payments": (account, id) =>
    wholeList(
      Object.values(account.invoicePayments).filter((payment) => payment.invoice === id),
      "/v1/invoice_payments",
    ),
};

/** Expands `properties` (dotted, `data.` for lists) in a copy of `answer`. Throws for what cannot be. */
export function expandAnswer(account: AccountWorld, answer: unknown, properties: readonly string[]): unknown {
  const copy: unknown = plain(answer);
  for (const property of properties) expandIn(account, copy, property.split("."), property);
  return copy;
}

function expandIn(account: AccountWorld, target: unknown, path: readonly string[], property: string): void {
  if (Array.isArray(target)) {
    for (const item of target) expandIn(account, item, path, property);
    return;
  }
  const [key, ...rest] = path;
  if (!isObject(target) || key === undefined) return;
  target[key] = resolve(account, target, key, { isLast: rest.length === 0, property });
  if (rest.length > 0) expandIn(account, target[key], rest, property);
}

function resolve(
  account: AccountWorld,
  target: Json,
  key: string,
  at: { isLast: boolean; property: string },
): unknown {
  const value = target[key];
  const include = INCLUDED[`${String(target.object)}.${key}`];
  if (include && value === undefined) return plain(include(account, String(target.id)));
  const relation = RELATIONS[key];
  if (relation && value !== undefined) {
    return typeof value === "string" ? (lookUp(account, relation, value) ?? value) : value;
  }
  if (!at.isLast && (isObject(value) || Array.isArray(value) || value === null)) return value;
  throw cannotExpand(target, at.property);
}

function lookUp(account: AccountWorld, relation: keyof AccountWorld, id: string): unknown {
  return plain((account[relation] as Record<string, unknown>)[id]);
}

function cannotExpand(target: Json, property: string) {
  const [first = ""] = property.split(".");
  const hint =
    target.object === "list" && first !== "data"
      ? ` You may want to try expanding 'data.${property}' instead.`
      : "";
  return invalidRequest(`This property cannot be expanded (${property}).${hint}`);
}

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
