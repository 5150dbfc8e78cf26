// A verified event on its way through the queue: a line that says whose it is, and below it the event's text as
// Stripe sent it. The text is not parsed, nor escaped, until the consumer reads it.

import * as z from "zod";
import { parseJson } from "./parse-json.ts";
import { JURISDICTIONS } from "./scope.ts";

const header = z.object({
  tenantId: z.string(),
  environmentId: z.string(),
  jurisdiction: z.enum(JURISDICTIONS).nullish(),
  connectionId: z.string(),
  /** One receipt at the door: a queue may hand it over twice, Stripe never sent it twice. */
  deliveryId: z.string(),
  /** ms */
  receivedAtMs: z.number(),
  source: z.enum(["webhook", "reconciliation"]),
  /** Stripe's id of an event whose text is kept in the ledger already. */
  eventId: z.string().optional(),
  /** Asked for by hand: what was ignored before is decided again. */
  replay: z.boolean().optional(),
  /** It has waited for its turn in its ledger once: it is not sent there again. */
  wasParked: z.boolean().optional(),
});

export type StripeEventMessage = z.infer<typeof header> & {
  /** Null where `eventId` names an event that is kept already. */
  body: string | null;
};

export function writeEventMessage({ body, ...rest }: StripeEventMessage): string {
  return `${JSON.stringify(rest)}\n${body ?? ""}`;
}

/** Null for what was written by no version of this one. */
export function readEventMessage(text: unknown): StripeEventMessage | null {
  if (typeof text !== "string") return null;
  const end = text.indexOf("\n");
  const parsed = header.safeParse(parseJson(text.slice(0, end === -1 ? text.length : end)));
  if (!parsed.success || end === -1) return null;
  const body = text.slice(end + 1);
  if (body === "" && parsed.data.eventId === undefined) return null;
  return { ...parsed.data, body: body === "" ? null : body };
}
