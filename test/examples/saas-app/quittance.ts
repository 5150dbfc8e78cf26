// All that this product asks of Quittance. The key stays on the server; a `write` key is enough.

import * as z from "zod";

const session = z.object({
  id: z.string(),
  url: z.string().nullable(),
  status: z.enum(["open", "complete", "expired"]),
  payment_status: z.enum(["paid", "unpaid", "no_payment_required"]),
  customer_id: z.string().nullable(),
  subscription_id: z.string().nullable(),
  metadata: z.record(z.string(), z.string()),
});
export type CheckoutSession = z.infer<typeof session>;

export type Quittance = ReturnType<typeof createQuittance>;

/** @param settings.url such as `https://billing.example.com` */
export function createQuittance({ url, key }: { url: string; key: string }) {
  async function call<T>(
    path: string,
    answer: z.ZodType<T>,
    body?: object,
    idempotencyKey?: string,
  ): Promise<T> {
    const response = await fetch(`${url}/api/v1${path}`, {
      method: body ? "POST" : "GET",
      headers: {
        authorization: `Bearer ${key}`,
        ...(body && { "content-type": "application/json" }),
        ...(idempotencyKey && { "idempotency-key": idempotencyKey }),
      },
      ...(body && { body: JSON.stringify(body) }),
    });
    const said: unknown = await response.json();
    if (response.ok) return answer.parse(said);
    throw new QuittanceError(response.status, problem.parse(said));
  }
  return {
    /** A page of Stripe's on which one price is paid. Under the same key it is made once. */
    createCheckout: (
      sale: { mode: "payment" | "subscription"; price: string; customerId: string },
      urls: { success: string; cancel: string },
      idempotencyKey: string,
    ): Promise<CheckoutSession> =>
      call(
        "/checkout_sessions",
        session,
        {
          mode: sale.mode,
          customer_id: sale.customerId,
          line_items: [{ price: sale.price, quantity: 1 }],
          allow_promotion_codes: true,
          success_url: urls.success,
          cancel_url: urls.cancel,
          metadata: { bought: sale.price },
        },
        idempotencyKey,
      ),
    /** As Stripe has it at this moment. */
    getCheckout: (id: string): Promise<CheckoutSession> =>
      call(`/checkout_sessions/${encodeURIComponent(id)}`, session),
    /** Stripe's own page on which the customer changes a card or ends a subscription. */
    createPortal: (customerId: string, returnUrl: string): Promise<{ url: string }> =>
      call("/billing_portal_sessions", z.object({ url: z.string() }), {
        customer_id: customerId,
        return_url: returnUrl,
      }),
    /** Makes the customer, under the product's own id; that it is there already is as good. */
    async ensureCustomer(customer: { id: string; name: string; email: string }): Promise<void> {
      try {
        await call("/customers", z.unknown(), customer);
      } catch (error) {
        if (!(error instanceof QuittanceError && error.code === "already_exists")) throw error;
      }
    },
  };
}

const problem = z.object({ code: z.string(), detail: z.string() });

/** What Quittance answered instead; `detail` is written for people. */
export class QuittanceError extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, { code, detail }: z.infer<typeof problem>) {
    super(detail);
    this.status = status;
    this.code = code;
  }
}
