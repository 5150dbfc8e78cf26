// Zod fields that several resources share: times, amounts, ids, metadata.

import * as z from "zod";
import { OWN_ID } from "../platform/ids.ts";

/** ms -> RFC 3339 UTC. */
export function timestamp(ms: number): string {
  return new Date(ms).toISOString();
}

export function timestampOrNull(ms: number | null): string | null {
  return ms === null ? null : timestamp(ms);
}

export const timestampField = z.iso
  .datetime()
  .meta({ description: "RFC 3339, UTC", example: "2026-11-21T09:30:00.000Z" });

/** A time that a client gives, with any offset; read as ms. */
export const timeInput = z.iso
  .datetime({ offset: true, error: "Give a time as RFC 3339, such as 2026-11-21T09:30:00Z." })
  .transform((text) => Date.parse(text));

/** The path of one object. */
export const idParams = z.object({ id: z.string() });

/** An id that the platform gives itself. */
export const ownIdField = z.string().regex(OWN_ID, {
  error: "An id is 1 to 128 letters, digits or _ . : - and begins with a letter or digit.",
});

export const nameField = z
  .string()
  .trim()
  .min(1, { error: "Give a name." })
  .max(200, { error: "At most 200 characters." });

// Stripe's own limits (https://docs.stripe.com/api/metadata), so that ours can always be passed on.
export const metadataField = z
  .record(z.string().min(1).max(40), z.string().max(500))
  .refine((metadata) => Object.keys(metadata).length <= 50, { error: "At most 50 keys." })
  .meta({ description: "Up to 50 keys of 40 characters, with values of 500." });
