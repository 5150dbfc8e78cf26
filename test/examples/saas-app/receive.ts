// Takes in Quittance's messages: the signature first, each message once, and a failure is a 500, so that the message
// comes again (https://www.standardwebhooks.com).

import { Webhook } from "standardwebhooks";
import * as z from "zod";
import type { AccessBook } from "./access.ts";
import type { Quittance } from "./quittance.ts";

const message = z.object({
  type: z.string(),
  /** An example that somebody sent to try this door. */
  test: z.literal(true).optional(),
  data: z.object({ object: z.record(z.string(), z.unknown()) }),
});
const ofSession = z.object({ id: z.string() });
const ofPayment = z.object({ checkout_session_id: z.string().nullable() });
const ofSubscription = z.object({ id: z.string(), customer_id: z.string().nullable() });

export async function receive(
  request: Request,
  secret: string,
  { access, quittance }: { access: AccessBook; quittance: Quittance },
): Promise<Response> {
  const body = await request.text();
  const headers = Object.fromEntries(request.headers);
  try {
    new Webhook(secret).verify(body, headers);
  } catch {
    return new Response("The signature is wrong.", { status: 400 });
  }
  const id = headers["webhook-id"] ?? "";
  if (access.isNew(id)) {
    await apply(message.parse(JSON.parse(body)), { access, quittance });
    access.done(id);
  }
  return new Response(null, { status: 204 });
}

async function apply(
  { type, test, data: { object } }: z.infer<typeof message>,
  { access, quittance }: { access: AccessBook; quittance: Quittance },
): Promise<void> {
  if (test) return;
  if (type === "checkout_session.completed") {
    access.grant(await quittance.getCheckout(ofSession.parse(object).id));
  } else if (type === "payment.succeeded") {
    // A bank debit that was under way when its session was completed.
    const { checkout_session_id } = ofPayment.parse(object);
    if (checkout_session_id !== null) access.grant(await quittance.getCheckout(checkout_session_id));
  } else if (type === "subscription.deleted") {
    const { id, customer_id } = ofSubscription.parse(object);
    if (customer_id !== null) access.end(customer_id, id);
  }
}

/** The types that this product asks its event destination for. */
export const EVENT_TYPES = [
  "checkout_session.completed",
  "payment.succeeded",
  "subscription.deleted",
] as const;
