// What is sold to strangers and by them: invoices in each state, and checkout sessions. All that is said of them, here
// and on Stripe's pages, holds their texts.

import { dataOf, type Quittance } from "../../client/index.ts";
import { checkOutInBrowser, payInBrowser } from "../demo/pay-in-browser.ts";
import { until } from "../demo/until.ts";
import { ALL, cut, MARKUP } from "./hostile-strings.ts";
import { readInvoice } from "./scenario.ts";

const CARD = "4242 4242 4242 4242";
const AMOUNT = 12_900;

const ENDS: Record<string, (quittance: Quittance, id: string, url: string) => Promise<unknown>> = {
  paid: (_, __, url) => payInBrowser(url),
  async refunded(quittance, id, url) {
    await payInBrowser(url);
    const params = { path: { id: await paymentOf(quittance, id) } };
    await dataOf(quittance.POST("/api/v1/payments/{id}/refunds", { params, body: { amount: 100 } }));
  },
  async "by hand"(quittance, id) {
    await recordByHand(quittance, id, AMOUNT);
    const back = { amount: 100, method: cut(ALL, 40), reference: cut(ALL, 200) };
    const params = { path: { id: await paymentOf(quittance, id) } };
    await dataOf(quittance.POST("/api/v1/payments/{id}/refunds", { params, body: back }));
  },
  "in part": (quittance, id) => recordByHand(quittance, id, 100),
  void: (quittance, id) => dataOf(quittance.POST("/api/v1/invoices/{id}/void", { params: { path: { id } } })),
  uncollectible: (quittance, id) =>
    dataOf(quittance.POST("/api/v1/invoices/{id}/mark_uncollectible", { params: { path: { id } } })),
  // The last, so that it is the first of its list.
  open: async () => {},
};

/** Invoices in each state. @returns the addresses under which they say so to payers */
export async function sellToStrangers(quittance: Quittance): Promise<string[]> {
  const buyer = { name: `${"M".repeat(59)}…`, email: "stranger@example.com" };
  const { id: customer_id } = await dataOf(quittance.POST("/api/v1/customers", { body: buyer }));
  const urls: string[] = [];
  for (const [state, end] of Object.entries(ENDS)) {
    const lines = [{ description: cut(ALL, 900), quantity: 1, unit_amount: AMOUNT }];
    const asked = {
      ...{ customer_id, currency: "EUR", lines, memo: cut(ALL, 1900) },
      ...{ number: `${cut(ALL, 40)} ${state}`, finalize: true, send_email: true },
    };
    const { id } = await dataOf(quittance.POST("/api/v1/invoices", { body: asked }));
    const url = await linkOf(quittance, id);
    await end(quittance, id, url);
    urls.push(url);
  }
  return urls;
}

/** @returns once it is there */
export function linkOf(quittance: Quittance, id: string): Promise<string> {
  return until("the invoice has no link", async () => {
    const { payment_url: url, payment_link: link } = await readInvoice({ quittance }, id);
    if (link?.status === "failed") throw new Error(`The link failed: ${link.error}`);
    return link?.status === "active" ? url : null;
  });
}

/** Sessions of both modes, one of each left open, and a customer's portal. @returns Stripe's pages of them */
export async function checkOutStrangers(quittance: Quittance, away: string): Promise<string[]> {
  const { id: customer_id } = await dataOf(
    quittance.POST("/api/v1/customers", { body: { name: MARKUP, phone: MARKUP } }),
  );
  const urls: string[] = [];
  for (const mode of ["payment", "subscription"] as const) {
    const recurring = mode === "subscription" ? { recurring: { interval: "month" as const } } : {};
    const product_data = { name: cut(ALL, 200), description: cut(ALL, 200) };
    const price_data = { currency: "EUR", unit_amount: 14_900, product_data, ...recurring };
    const customer = mode === "subscription" ? { customer_id } : {};
    const asked = {
      ...customer,
      ...{ mode, line_items: [{ price_data, quantity: 1 }], success_url: away, cancel_url: away },
      ...{ client_reference_id: cut(ALL, 200), metadata: { [MARKUP]: cut(ALL, 500) } },
    };
    const { url } = await dataOf(quittance.POST("/api/v1/checkout_sessions", { body: asked }));
    await checkOutInBrowser(url ?? "", CARD);
    const left = await dataOf(quittance.POST("/api/v1/checkout_sessions", { body: asked }));
    urls.push(left.url ?? "");
  }
  const portal = { customer_id, return_url: away };
  urls.push((await dataOf(quittance.POST("/api/v1/billing_portal_sessions", { body: portal }))).url);
  return urls;
}

async function recordByHand(quittance: Quittance, id: string, amount: number): Promise<void> {
  const payment = { amount, method: cut(ALL, 40), reference: cut(ALL, 200) };
  await dataOf(quittance.POST("/api/v1/invoices/{id}/payments", { params: { path: { id } }, body: payment }));
}

function paymentOf(quittance: Quittance, invoiceId: string): Promise<string> {
  const query = { invoice_id: invoiceId };
  return until("there is no payment", async () => {
    const { data } = await dataOf(quittance.GET("/api/v1/payments", { params: { query } }));
    return data.find(({ status }) => status === "succeeded")?.id ?? null;
  });
}
