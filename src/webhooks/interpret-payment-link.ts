// Whether a payment link can still be paid, as Stripe has it: also when somebody switched it in Stripe's own
// dashboard.

import * as z from "zod";
import type { Interpretation, StripeEventShape } from "./facts.ts";
import { facts, id, interpretObject, named, occurredAt, ownerMetadata } from "./interpret-fields.ts";

const paymentLinkSchema = z.object({
  object: named("payment_link"),
  id,
  active: z.boolean(),
  metadata: ownerMetadata,
});

export function interpretPaymentLink(event: StripeEventShape): Interpretation {
  return interpretObject(paymentLinkSchema, event, (link) =>
    facts({
      kind: "payment_link",
      paymentLinkId: link.id,
      active: link.active,
      owner: link.metadata,
      occurredAtMs: occurredAt(event),
    }),
  );
}
