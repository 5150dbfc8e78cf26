// Which webhook events a replay or a dismissal is about: the filters of the list, as a form carries them along.

import * as z from "zod";
import { soughtField, timeInput, timestamp } from "../http/fields.ts";
import { exactTime } from "./time-words.ts";

/** Of the list's filters those that a replay and a dismissal take by API as well. */
export const MATCHING_FIELDS = {
  type: soughtField.optional(),
  invoice_id: soughtField.optional(),
  object_id: soughtField.optional(),
  received_after: timeInput.optional(),
  received_before: timeInput.optional(),
};
export const MATCHING_NAMES = Object.keys(MATCHING_FIELDS) as (keyof typeof MATCHING_FIELDS)[];
const matching = z.object(MATCHING_FIELDS);
export type MatchingEvents = z.output<typeof matching>;

export function matchingFilter(query: MatchingEvents) {
  return {
    type: query.type,
    invoiceId: query.invoice_id,
    objectId: query.object_id,
    receivedAfterMs: query.received_after,
    receivedBeforeMs: query.received_before,
  };
}

/** For the hidden fields of the form, and an address. */
export function matchingFields(query: MatchingEvents): Record<string, string | undefined> {
  const { received_after: after, received_before: before } = query;
  return {
    type: query.type,
    invoice_id: query.invoice_id,
    object_id: query.object_id,
    received_after: after === undefined ? undefined : timestamp(after),
    received_before: before === undefined ? undefined : timestamp(before),
  };
}

/** `charge.succeeded, about pi_1, received since …`. */
export function matchingWords(query: MatchingEvents, timeZone: string | undefined): string {
  const { type, invoice_id: invoiceId, object_id: objectId } = query;
  const { received_after: after, received_before: before } = query;
  return [
    type ?? "of any type",
    invoiceId === undefined ? null : `of the invoice ${invoiceId}`,
    objectId === undefined ? null : `about ${objectId}`,
    after === undefined ? null : `received since ${exactTime(after, timeZone)}`,
    before === undefined ? null : `received before ${exactTime(before, timeZone)}`,
  ]
    .filter((part) => part !== null)
    .join(", ");
}
