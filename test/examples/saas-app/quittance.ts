// All that this product asks of Quittance, by the package's own client. The key stays on the server; a `write` key is
// enough.

import { createQuittance as createClient, dataOf, QuittanceError } from "../../../client/index.ts";
import type { components } from "../../../client/openapi.generated.ts";

export type CheckoutSession = Pick<
  components["schemas"]["CheckoutSession"],
  "id" | "url" | "status" | "payment_status" | "customer_id" | "subscription_id" | "metadata"
>;

export type Quittance = ReturnType<typeof createQuittance>;

/** @param settings.url such as `https://billing.example.com` */
export function createQuittance(settings: { url: string; key: string }) {
  const quittance = createClient(settings);
  return {
    /** A page of Stripe's on which one price is paid. Under the same key it is made once. */
    createCheckout: (
      sale: { mode: "payment" | "subscription"; price: string; customerId: string },
      urls: { success: string; cancel: string },
      idempotencyKey: string,
    ): Promise<CheckoutSession> =>
      dataOf(
        quittance.POST("/api/v1/checkout_sessions", {
          headers: { "idempotency-key": idempotencyKey },
          body: {
            mode: sale.mode,
            customer_id: sale.customerId,
            line_items: [{ price: sale.price, quantity: 1 }],
            allow_promotion_codes: true,
            success_url: urls.success,
            cancel_url: urls.cancel,
            metadata: { bought: sale.price },
          },
        }),
      ),
    /** As Stripe has it at this moment. */
    getCheckout: (id: string): Promise<CheckoutSession> =>
      dataOf(quittance.GET("/api/v1/checkout_sessions/{id}", { params: { path: { id } } })),
    /** Stripe's own page on which the customer changes a card or ends a subscription. */
    createPortal: (customerId: string, returnUrl: string): Promise<{ url: string }> =>
      dataOf(
        quittance.POST("/api/v1/billing_portal_sessions", {
          body: { customer_id: customerId, return_url: returnUrl },
        }),
      ),
    /** Makes the customer, under the product's own id; that it is there already is as good. */
    async ensureCustomer(customer: { id: string; name: string; email: string }): Promise<void> {
      try {
        await dataOf(quittance.POST("/api/v1/customers", { body: customer }));
      } catch (error) {
        if (!(error instanceof QuittanceError && error.code === "already_exists")) throw error;
      }
    },
  };
}
