// A customer as Stripe has it. Says nothing of a field that the payload lacks, so that an endpoint of an old
// API version (customers had no name before 2018) never erases what is known.

import * as z from "zod";
import type { CustomerFact } from "../ledger/customers/customer-state.ts";
import type { Interpretation, StripeEventShape } from "./facts.ts";
import {
  boundedText,
  facts,
  id,
  interpretObject,
  named,
  occurredAt,
  readOwner,
  textMetadata,
} from "./interpret-fields.ts";

// Absent stays absent, null and blank become null, and anything that is not text counts as absent.
const text = boundedText
  .transform((value) => value.trim() || null)
  .nullable()
  .optional()
  .catch(undefined);

const customerSchema = z.object({
  object: named("customer"),
  id,
  name: text,
  email: text,
  phone: text,
  address: z
    .object({ line1: text, line2: text, city: text, state: text, postal_code: text, country: text })
    .nullable()
    .optional()
    .catch(undefined),
  metadata: textMetadata,
});

export function interpretCustomer(event: StripeEventShape): Interpretation {
  return interpretObject(customerSchema, event, (customer) => {
    const { id: stripeCustomerId, object: _, ...known } = customer;
    const fact: CustomerFact = {
      kind: "customer",
      stripeCustomerId,
      deleted: event.type === "customer.deleted",
      ...known,
      owner: readOwner(customer.metadata),
      occurredAtMs: occurredAt(event),
    };
    return facts(fact);
  });
}
