// What a session sells, as its payer reads it: the amount, the lines, and what the button is called.

import { html } from "hono/html";
import type Stripe from "stripe";
import { formatAmount } from "./format-amount.ts";
import type { Html } from "./page-layout.ts";

export function orderSummary(session: Stripe.Checkout.Session, lineItems: readonly Stripe.LineItem[]): Html {
  const back = session.cancel_url ? html`<a class="back" href="${session.cancel_url}">&larr; Back</a>` : "";
  if (session.mode === "setup" || session.amount_total === null || !session.currency) {
    return html`<section class="summary" aria-label="Summary">${back}<h1>Save your payment details</h1><p class="quiet">Nothing is charged now.</p></section>`;
  }
  return html`<section class="summary" aria-label="Summary">
  ${back}
  <h1 class="what-for">${session.mode === "subscription" ? "Subscribe" : "Amount to pay"}</h1>
  <p class="total" data-testid="total">${formatAmount(session.amount_total, session.currency)}</p>
  <ul class="lines">${lineItems.map(line)}</ul>
  ${sums(session, session.currency)}
</section>`;
}

/** What is written on the button; a link or session may ask for other words by `submit_type`. */
export function payButtonLabel(session: Stripe.Checkout.Session): string {
  if (session.mode === "setup") return "Save card";
  if (session.mode === "subscription") return "Subscribe";
  if (session.submit_type === "book") return "Book";
  if (session.submit_type === "donate") return "Donate";
  if (session.amount_total === null || !session.currency) return "Pay";
  return `Pay ${formatAmount(session.amount_total, session.currency)}`;
}

/** `" / month"`, `" every 3 months"`, or nothing for a price that is paid once. */
export function billingPeriod(recurring: Stripe.Price.Recurring | null | undefined): string {
  if (!recurring) return "";
  const { interval, interval_count: count } = recurring;
  return count === 1 ? ` / ${interval}` : ` every ${count} ${interval}s`;
}

function line(item: Stripe.LineItem): Html {
  const quantity = item.quantity ?? 1;
  const each = item.price?.unit_amount;
  const many =
    quantity > 1 && typeof each === "number"
      ? html`<br><span class="quiet small">${quantity} × ${formatAmount(each, item.currency)}</span>`
      : "";
  return html`<li><span class="what">${item.description ?? "Item"}${many}</span><span class="much">${formatAmount(item.amount_subtotal, item.currency)}${billingPeriod(item.price?.recurring)}</span></li>`;
}

function sums(session: Stripe.Checkout.Session, currency: string): Html {
  const details = session.total_details;
  const row = (label: string, amountMinor: number) =>
    html`<div><dt>${label}</dt><dd>${formatAmount(amountMinor, currency)}</dd></div>`;
  return html`<dl class="sums">
    ${row("Subtotal", session.amount_subtotal ?? 0)}
    ${details?.amount_discount ? row("Discount", -details.amount_discount) : ""}
    ${details?.amount_shipping ? row("Shipping", details.amount_shipping) : ""}
    ${details?.amount_tax ? row("Tax", details.amount_tax) : ""}
    <div class="due"><dt>Total due</dt><dd>${formatAmount(session.amount_total ?? 0, currency)}</dd></div>
  </dl>`;
}
