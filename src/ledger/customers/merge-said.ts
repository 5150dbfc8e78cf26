// What Stripe's state of a customer changes here, field by field: only what differs from Stripe's own last known
// state is news, of an address part by part and of metadata key by key. So a card that was added there does not bring
// an old address back that was changed here since. Pure: no I/O, no clock.

import { fullAddress } from "../../platform/full-address.ts";
import { ourKeysOf, withoutOurKeys } from "../../platform/our-metadata.ts";
import { STRIPE_FIELDS } from "../../platform/stripe-customer.ts";
import { MOST_CUSTOMER_KEYS } from "../../platform/stripe-limits.ts";
import type { Address, StripeCustomerState } from "../../platform/tables/customers.ts";
import { type CustomerChange, type CustomerRow, isSameField } from "./customer-state.ts";
import { isPutBack, type Way, type Ways } from "./field-ways.ts";

/** What Stripe said of the fields that are kept in step; absent: it said nothing of it. */
export type StripeSaid = {
  name?: string | null;
  email?: string | null;
  phone?: string | null;
  address?: Address | null;
  /** All of Stripe's metadata. */
  metadata?: Record<string, string>;
};

type Fields = Pick<CustomerRow, "name" | "email" | "phone" | "address" | "metadata">;

export type Merged = {
  change: CustomerChange;
  /** What is known of Stripe's state from then on: what differs here from it is what is to be written there. */
  state: StripeCustomerState;
  /** Stripe's word on a field that is ours was changed: ours is to be written again. */
  putsBack: boolean;
};

type Decided<T> = { value: T; known: T; putsBack: boolean };

/** @param known null where Stripe's customer was not known yet: what it leaves empty is then no change */
export function mergeSaid(
  row: Fields,
  said: StripeSaid,
  known: StripeCustomerState | null,
  ways: Ways,
): Merged {
  // A customer has a name here: that it was emptied at Stripe changes nothing, here or there.
  const name = said.name ?? undefined;
  const knownName = known && { name: known.name ?? row.name };
  const decided = {
    name: mergeText(row.name, name, knownName?.name, ways.name),
    email: mergeText(row.email, said.email, known?.email, ways.email),
    phone: mergeText(row.phone, said.phone, known?.phone, ways.phone),
    address: mergeAddress(row.address, said.address, known, ways.address),
    metadata: mergeMetadata(row.metadata, said.metadata, known, ways.metadata),
  };
  const wanted = {
    name: decided.name.value ?? row.name,
    email: decided.email.value,
    phone: decided.phone.value,
    address: decided.address.value,
    metadata: decided.metadata.value,
  };
  const news = STRIPE_FIELDS.filter((field) => !isSameField(field, wanted[field], row[field]));
  return {
    change: Object.fromEntries(news.map((field) => [field, wanted[field]])),
    state: {
      name: decided.name.known ?? row.name,
      email: decided.email.known,
      phone: decided.phone.known,
      address: decided.address.known,
      pushedMetadata: decided.metadata.known,
    },
    putsBack: Object.values(decided).some(({ putsBack }) => putsBack),
  };
}

/** Whether Stripe says nothing but what was known of it. */
export function saysNothingNew(
  row: Fields & Pick<CustomerRow, "stripeState">,
  said: StripeSaid,
  ways: Ways,
): boolean {
  const known = row.stripeState;
  if (known === null) return false;
  const { change, state, putsBack } = mergeSaid(row, said, known, ways);
  if (putsBack || Object.keys(change).length > 0) return false;
  const before = { ...known, name: known.name ?? row.name, metadata: known.pushedMetadata };
  const after = { ...state, metadata: state.pushedMetadata };
  return STRIPE_FIELDS.every((field) => isSameField(field, after[field], before[field]));
}

type Text = string | null;

/**
 * One value: a field, a part of an address, a key of the metadata.
 * @param said undefined: Stripe said nothing of it
 * @param known undefined: nothing was known of Stripe's
 */
function mergeText(mine: Text, said: Text | undefined, known: Text | undefined, way: Way): Decided<Text> {
  if (said === undefined) return { value: mine, known: known ?? null, putsBack: false };
  const isNews = known === undefined ? said !== null : said !== known;
  if (way.taken) return { value: isNews ? said : mine, known: said, putsBack: false };
  if (way.kept) return { value: mine, known: said, putsBack: isPutBack(way) && isNews && said !== mine };
  return { value: mine, known: known === undefined ? said : known, putsBack: false };
}

const PARTS = ["line1", "line2", "city", "state", "postal_code", "country"] as const;

function mergeAddress(
  mine: Address | null,
  said: Address | null | undefined,
  known: StripeCustomerState | null,
  way: Way,
): Decided<Address | null> {
  if (said === undefined) return { value: mine, known: known?.address ?? null, putsBack: false };
  const [ours, theirs, before] = [mine, said, known?.address].map((address) => fullAddress(address) ?? {});
  // Two addresses that never were in step are not mixed.
  if (known === null) {
    const value = way.taken && fullAddress(said) !== null ? fullAddress(said) : mine;
    return { value, known: fullAddress(said), putsBack: false };
  }
  const parts = PARTS.map((part) => {
    const decided = mergeText(ours?.[part] ?? null, theirs?.[part] ?? null, before?.[part] ?? null, way);
    return [part, decided] as const;
  });
  const pick = (which: "value" | "known") =>
    fullAddress(Object.fromEntries(parts.map(([part, decided]) => [part, decided[which]])));
  return {
    value: pick("value"),
    known: pick("known"),
    putsBack: parts.some(([, { putsBack }]) => putsBack),
  };
}

/** Keys of others are only taken while there is room for them: Stripe has as many of them as of ours together. */
function mergeMetadata(
  mine: Record<string, string>,
  said: Record<string, string> | undefined,
  known: StripeCustomerState | null,
  way: Way,
): Decided<Record<string, string>> {
  const before = known?.pushedMetadata ?? {};
  if (said === undefined) return { value: mine, known: before, putsBack: false };
  const theirs = withoutOurKeys(said);
  const value = { ...mine };
  // Our own keys say whose it is; where they are gone, the next push writes them again.
  const after = way.taken || way.kept || known === null ? ourKeysOf(said) : ourKeysOf(before);
  let putsBack = false;
  const keys = Object.keys(withoutOurKeys(before));
  const others = Object.keys(theirs).filter((key) => !keys.includes(key));
  for (const key of [...keys, ...(way.taken ? others.sort() : [])]) {
    const isKnown = Object.hasOwn(before, key);
    const decided = mergeText(
      mine[key] ?? null,
      theirs[key] ?? null,
      isKnown ? (before[key] ?? null) : undefined,
      way,
    );
    putsBack ||= decided.putsBack;
    if (decided.value === null) delete value[key];
    else if (Object.hasOwn(value, key) || Object.keys(value).length < MOST_CUSTOMER_KEYS)
      value[key] = decided.value;
    if (decided.known !== null && (isKnown || Object.hasOwn(value, key))) after[key] = decided.known;
  }
  return { value, known: after, putsBack };
}
