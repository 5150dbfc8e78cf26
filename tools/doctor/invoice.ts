// An invoice of the doctor's, open and with its payment link.

import * as z from "zod";
import type { Trial } from "./trial.ts";
import { until } from "./wait.ts";

export const invoiceSchema = z.object({
  id: z.string(),
  status: z.string(),
  payment_url: z.string().nullable(),
  payment_link: z.object({ status: z.string(), error: z.string().nullish() }).nullable(),
  amount_refunded: z.number(),
});

/** @throws Error with the link's own words where none was made */
export async function openInvoice(
  { api, later }: Trial,
  patienceMs: number,
): Promise<z.infer<typeof invoiceSchema>> {
  const customer = await api.post("/customers", { name: "Doctor" }, z.object({ id: z.string() }));
  const lines = [{ description: "Check of Quittance", quantity: 1, unit_amount: 12_900 }];
  const body = { customer_id: customer.id, currency: "EUR", lines, finalize: true };
  const { id } = await api.post("/invoices", body, z.object({ id: z.string() }));
  // Paid by then, or void.
  later(() => api.post(`/invoices/${id}/void`, undefined, z.unknown()));
  return until(
    () => api.get(`/invoices/${id}`, invoiceSchema),
    ({ payment_link: link }) => link?.status === "active",
    patienceMs,
    ({ payment_link: link }) =>
      `no payment link was made: it is ${link?.status ?? "missing"} ${link?.error ?? ""}`.trim(),
  );
}
