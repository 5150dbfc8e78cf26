// How a field of an untrusted Stripe object is read, whatever API version sent it. What a fact stands on is
// strict (wrong means unreadable); what only enriches is lenient (wrong means null). Nothing here throws.

import * as z from "zod";
import type { FactOwner } from "../ledger/payments/payment-state.ts";
import { LAST_SECOND } from "../platform/iso-time.ts";
import { REVISION_KEY } from "../platform/our-metadata.ts";
import { MOST_AMOUNT_MINOR, MOST_CHARACTERS } from "../platform/stripe-limits.ts";
import { cutText } from "../platform/text.ts";
import type { Fact, Ignored, IgnoreReason, Interpretation, StripeEventShape } from "./facts.ts";

export const id = z.string().min(1).max(255);
/** An id, or the whole object in its place where the sender has expanded it; null where there is none. */
export const reference = z
  .union([id, z.object({ id }).transform((object) => object.id)])
  .nullish()
  .transform((value) => value ?? null);
/** Minor units; more digits than any amount of Stripe's are none. */
export const amount = z.number().int().nonnegative().max(MOST_AMOUNT_MINOR);
export const currency = z
  .string()
  .regex(/^[a-z]{3}$/i)
  .transform((code) => code.toUpperCase());
/** Seconds in, ms out. */
export const time = z
  .number()
  .nonnegative()
  .max(LAST_SECOND)
  .transform((seconds) => Math.floor(seconds * 1000));
export const optionalTime = time.nullish().catch(null).transform(orNull);
/** A text of Stripe's; cut where it is longer than any of Stripe's own, so that a row can always hold it. */
export const boundedText = z.string().transform((text) => cutText(text, MOST_CHARACTERS.stripeText));
export const optionalText = boundedText.nullish().catch(null).transform(blankToNull);
export const optionalCount = z.number().int().nonnegative().nullish().catch(null).transform(orNull);
export const optionalFlag = z.boolean().nullish().catch(null).transform(orNull);

const looseMetadata = z.record(z.string(), z.unknown()).nullish().catch(null);
/** Stripe's metadata with whatever is not text left out. */
export const textMetadata = looseMetadata.transform((metadata) =>
  Object.fromEntries(
    Object.entries(metadata ?? {}).flatMap(([name, value]) =>
      typeof value === "string" ? [[name, cutText(value, MOST_CHARACTERS.metadataValue)]] : [],
    ),
  ),
);
/** Our own keys of an object's metadata. */
export const ownerMetadata = textMetadata.transform(readOwner);

/** `object` must be what the event type promises, where the payload names it. */
export function named(object: string) {
  return z.literal(object).optional();
}

/** Our own keys out of metadata; blank is null. */
export function readOwner(metadata: Record<string, string>): FactOwner["metadata"] {
  return {
    tenantId: blankToNull(metadata.quittance_tenant_id),
    environmentId: blankToNull(metadata.quittance_environment_id),
    invoiceId: blankToNull(metadata.invoice_id),
    customerId: blankToNull(metadata.customer_id),
    linkRevision: /^\d{1,9}$/.test(metadata[REVISION_KEY] ?? "") ? Number(metadata[REVISION_KEY]) : null,
  };
}

/** An owner known by metadata and by whichever of Stripe's ids the object has. */
export function ownedBy(
  metadata: FactOwner["metadata"],
  ids: Partial<Omit<FactOwner, "metadata">>,
): FactOwner {
  return {
    metadata,
    paymentLinkId: ids.paymentLinkId ?? null,
    checkoutSessionId: ids.checkoutSessionId ?? null,
    paymentIntentId: ids.paymentIntentId ?? null,
    chargeId: ids.chargeId ?? null,
  };
}

/** Reads `data.object` by the schema and interprets it; what the schema refuses is ignored, its path named. */
export function interpretObject<Schema extends z.ZodType>(
  schema: Schema,
  event: StripeEventShape,
  interpret: (object: z.output<Schema>) => Interpretation,
): Interpretation {
  const reading = schema.safeParse(event.data.object);
  if (reading.success) return interpret(reading.data);
  const issue = reading.error.issues[0];
  const path = ["data", "object", ...(issue?.path ?? [])].map(String).join(".");
  return unreadable(path, issue?.message ?? "Invalid input");
}

/** When the event was made, in ms. */
export function occurredAt(event: StripeEventShape): number {
  return event.created * 1000;
}

export function facts(...found: Fact[]): Interpretation {
  return { outcome: "facts", facts: found };
}

export function ignored(reason: IgnoreReason, detail: string): Ignored {
  return { outcome: "ignored", reason, detail };
}

/** Never says the value: it may be anything, and this text is shown and kept. */
export function unreadable(path: string, problem: string): Ignored {
  return ignored("unreadable_payload", `${path}: ${problem}`);
}

export function notKnown(path: string, value: string): Ignored {
  return ignored("value_not_known", `${path} is "${cutText(value, 60)}", which Quittance does not know.`);
}

function blankToNull(value: string | null | undefined): string | null {
  return value?.trim() ? value : null;
}

function orNull<Value>(value: Value | null | undefined): Value | null {
  return value ?? null;
}
