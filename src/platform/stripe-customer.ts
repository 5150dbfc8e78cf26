// How a customer of ours looks at Stripe, and how what Stripe says of one is read. Pure: no I/O, no clock.

import type Stripe from "stripe";
import { fullAddress } from "./full-address.ts";
import type { Scope } from "./scope.ts";
import { MOST } from "./stripe-limits.ts";
import type { Address, customers, StripeCustomerState } from "./tables/customers.ts";

type CustomerRow = typeof customers.$inferSelect;
type Described = Pick<CustomerRow, "id" | "name" | "email" | "phone" | "address" | "metadata">;

/** For a new one at Stripe, where there is nothing to empty. */
export function creationParameters(scope: Scope, row: Described): Stripe.CustomerCreateParams {
  const address = fullAddress(row.address);
  return {
    name: row.name,
    ...(row.email ? { email: row.email } : {}),
    ...(row.phone ? { phone: row.phone } : {}),
    ...(address ? { address: writtenOut(address) } : {}),
    metadata: ownMetadata(scope, row),
  };
}

/** What is kept in step with Stripe, field by field. */
export const STRIPE_FIELDS = ["name", "email", "phone", "address", "metadata"] as const;
export type StripeField = (typeof STRIPE_FIELDS)[number];

/**
 * What of a customer was changed here since Stripe was last seen: nothing else is written there, since somebody may
 * have changed it there meanwhile.
 * @param doubtful what an earlier try may have written without our hearing of it: that is written again
 */
export function fieldsToPush(
  scope: Scope,
  row: Described & Pick<CustomerRow, "stripeState">,
  doubtful: readonly string[],
  isPushed: (field: StripeField) => boolean = () => true,
): StripeField[] {
  const known = row.stripeState;
  const mine = { ...row, address: fullAddress(row.address), metadata: ownMetadata(scope, row) };
  return STRIPE_FIELDS.filter(isPushed).filter((field) => {
    if (known === null || doubtful.includes(field)) return true;
    if (field === "metadata") return !isEqual(sorted(mine.metadata), sorted(known.pushedMetadata));
    return !isEqual(mine[field] || null, known[field]);
  });
}

/**
 * The calls that write these fields, in their order; none where there is nothing to write. An empty string empties a
 * field there. Of metadata only the keys that were changed; two calls where those that go and those that are written
 * are together more than Stripe takes in one.
 * @param isWhole every key of the metadata is written, since it is not known which of them are there
 * @param current the address as Stripe has it now, where only some of its parts are to be written; see {@link writesParts}
 */
export function updateCalls(
  scope: Scope,
  row: Described & Pick<CustomerRow, "stripeState">,
  fields: readonly StripeField[],
  isWhole: boolean,
  current?: Address | null,
): Stripe.CustomerUpdateParams[] {
  const address = withParts(row, current);
  const written = {
    name: row.name,
    email: row.email ?? "",
    phone: row.phone ?? "",
    address: address ? writtenOut(address) : "",
  } satisfies Stripe.CustomerUpdateParams;
  const plain = Object.fromEntries(
    Object.entries(written).filter(([name]) => fields.some((one) => one === name)),
  );
  if (!fields.includes("metadata")) return fields.length === 0 ? [] : [plain];
  const own = ownMetadata(scope, row);
  const known = row.stripeState?.pushedMetadata ?? {};
  const gone = Object.fromEntries(
    Object.keys(known)
      .filter((key) => !Object.hasOwn(own, key))
      .map((key) => [key, ""]),
  );
  const news = Object.fromEntries(
    Object.entries(own).filter(([key, value]) => isWhole || known[key] !== value),
  );
  if (Object.keys(news).length + Object.keys(gone).length <= MOST.metadataKeys)
    return [{ ...plain, metadata: { ...gone, ...news } }];
  return [{ metadata: gone }, { ...plain, metadata: news }];
}

/**
 * Whether only some parts of the address were changed here: the others are then written as they are at Stripe by now,
 * since Stripe does not say what becomes of a part that an update leaves out.
 */
export function writesParts(
  row: Pick<CustomerRow, "address" | "stripeState">,
  fields: readonly StripeField[],
  doubtful: readonly string[],
): boolean {
  if (!fields.includes("address") || doubtful.includes("address")) return false;
  return fullAddress(row.address) !== null && (row.stripeState?.address ?? null) !== null;
}

function withParts(
  row: Pick<CustomerRow, "address" | "stripeState">,
  current: Address | null | undefined,
): Address | null {
  const mine = fullAddress(row.address);
  const known = fullAddress(row.stripeState?.address);
  if (current === undefined || mine === null || known === null) return mine;
  const now = fullAddress(current);
  const parts = Object.keys(mine) as (keyof Address)[];
  return fullAddress(
    Object.fromEntries(
      parts.map((part) => [part, (mine[part] === known[part] ? now : mine)?.[part] ?? null]),
    ),
  );
}

function isEqual(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

function sorted(metadata: Record<string, string>): [string, string][] {
  return Object.entries(metadata).sort(([one], [other]) => (one < other ? -1 : 1));
}

/** Our own keys win over the platform's of the same name: by them an event finds its customer. */
export function ownMetadata(scope: Scope, row: Pick<CustomerRow, "id" | "metadata">): Record<string, string> {
  return {
    ...row.metadata,
    customer_id: row.id,
    quittance_tenant_id: scope.tenantId,
    quittance_environment_id: scope.environmentId,
  };
}

/** What Stripe has of it, blank as null. */
export function stateOf(
  customer: Stripe.Customer,
): Omit<StripeCustomerState, "pushedMetadata"> & { metadata: Record<string, string> } {
  return {
    name: customer.name?.trim() || null,
    email: customer.email?.trim() || null,
    phone: customer.phone?.trim() || null,
    address: fullAddress(customer.address),
    metadata: { ...customer.metadata },
  };
}

/** When Stripe answered, in ms, by its own clock; null where the answer does not say. */
export function answeredAtMs({ lastResponse }: Stripe.Response<object>): number | null {
  // Of a client that uses fetch it is the Response itself, whatever the package's types say.
  const headers: unknown = lastResponse.headers;
  const date = headers instanceof Headers ? headers.get("date") : lastResponse.headers.date;
  const time = Date.parse(date ?? "");
  return Number.isNaN(time) ? null : time;
}

/** With every part: one that is left out would stay as it is at Stripe. */
function writtenOut(address: Address): Record<string, string> {
  return Object.fromEntries(Object.entries(address).map(([part, value]) => [part, value ?? ""]));
}
