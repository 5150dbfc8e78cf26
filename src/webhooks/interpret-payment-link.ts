// Whether a payment link can still be paid, as Stripe has it: also when somebody switched it in Stripe's own
// dashboard.

import * as z from "zod";
import type { Interpretation, StripeEventShape } from "./facts.ts";
import {
  facts,
  id,
  interpretObject,
  named,
  occurredAt,
  optionalCount,
  ownerMetadata,
} from "./interpret-fields.ts";

const paymentLinkSchema = z.object({
  object: named("payment_link"),
  id,
  active: z.boolean(),
  restrictions: z
    .object({ completed_sessions: z.object({ count: optionalCount, limit: optionalCount }) })
    .nullish()
    .catch(null),
  metadata: ownerMetadata,
});

export function interpretPaymentLink(event: StripeEventShape): Interpretation {
  return interpretObject(paymentLinkSchema, event, (link) =>
    facts({
      kind: "payment_link",
      paymentLinkId: link.id,
      active: link.active,
      isUsedUp: isUsedUp(link.restrictions?.completed_sessions),
      owner: link.metadata,
      occurredAtMs: occurredAt(event),
    }),
  );
}

/** A link over an invoice takes one payment; then Stripe switches it off by itself. */
function isUsedUp(completed: { count: number | null; limit: number | null } | undefined): boolean {
  return completed?.limit != null && (completed.count ?? 0) >= completed.limit;
}
