// Zod fields that several resources share: times, amounts, ids, metadata.

import * as z from "zod";
import { MOST_SOUGHT_CHARACTERS, MOST_TIME_CHARACTERS } from "../platform/bounds.ts";
import { OWN_ID } from "../platform/ids.ts";
import { isoTime } from "../platform/iso-time.ts";
import { isReservedId } from "../platform/reserved-ids.ts";
import { isMetadataKey, MOST_CHARACTERS } from "../platform/stripe-limits.ts";
import { countCharacters } from "../platform/text.ts";
import { textField } from "../platform/text-field.ts";

/** ms -> RFC 3339 UTC, whatever is stored. */
export function timestamp(ms: number): string {
  return isoTime(ms);
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
  .max(MOST_TIME_CHARACTERS, { error: `At most ${MOST_TIME_CHARACTERS} characters.` })
  .transform((text) => Date.parse(text));

/** How the document shows {@link timeInput} where it has words of its own. */
export const TIME_SHAPE = { type: "string", format: "date-time", maxLength: MOST_TIME_CHARACTERS } as const;

/** What something is looked for by: an id, a type. */
export const soughtField = z.string().max(MOST_SOUGHT_CHARACTERS, {
  error: `At most ${MOST_SOUGHT_CHARACTERS} characters: nothing is called so.`,
});

/** The path of one object. */
export const idParams = z.object({ id: soughtField });

/** An id that the platform gives itself. */
export const ownIdField = z
  .string()
  .regex(OWN_ID, { error: "An id is 1 to 128 letters, digits or _ . : - and begins with a letter or digit." })
  .refine((id) => !isReservedId(id), { error: "This id is a name of Quittance's own. Choose another." })
  .meta({ maxLength: 128 });

export const nameField = textField(200).min(1, { error: "Give a name." });

/**
 * Metadata as Stripe takes it.
 * @param mostKeys those that are not emptied; ours, which stand beside them at Stripe, are left out already
 */
export function metadataField(mostKeys: number) {
  const { metadataKey, metadataValue } = MOST_CHARACTERS;
  const key = metadataText(metadataKey).min(1, { error: "A key is not empty." });
  return z
    .record(key, metadataText(metadataValue))
    .refine((metadata) => isOfSize(Object.values(metadata), mostKeys), { error: `At most ${mostKeys} keys.` })
    .refine((metadata) => Object.keys(metadata).every(isMetadataKey), {
      error: "Stripe takes no [ or ] in a key.",
    })
    .meta({
      maxProperties: 2 * mostKeys,
      propertyNames: { maxLength: metadataKey },
      description: `Up to ${mostKeys} keys of ${metadataKey} characters, with values of ${metadataValue}; copied to Stripe's objects.`,
    });
}

/** Beside as many as there may be, as many may be taken away. */
function isOfSize(values: readonly string[], mostKeys: number): boolean {
  return values.length <= 2 * mostKeys && values.filter((value) => value !== "").length <= mostKeys;
}

// Not trimmed: it is the caller's own, and comes back as it was.
function metadataText(most: number) {
  return z
    .string()
    .refine((text) => countCharacters(text) <= most, { error: `At most ${most} characters.` })
    .meta({ maxLength: most });
}
