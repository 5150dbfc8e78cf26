// What a payer sees after the payment page: the 3-D Secure question, and the confirmation.

import { html } from "hono/html";
import type Stripe from "stripe";
import { formatAmount } from "./format-amount.ts";
import { type Merchant, renderPage } from "./page-layout.ts";

/** The bank's question. Both answers go to the same address, so that a script can give them too. */
export function renderAuthentication(view: {
  merchant: Merchant;
  session: Stripe.Checkout.Session;
  paymentIntentId: string;
}): Promise<Response> {
  const { session } = view;
  const amount =
    session.amount_total !== null && session.currency
      ? formatAmount(session.amount_total, session.currency)
      : "your card";
  return renderPage(200, {
    title: "Authenticate your payment",
    merchant: view.merchant,
    body: html`<section class="card center">
  <h1>3-D Secure test page</h1>
  <p class="quiet">Your bank asks whether it is you who pays <strong>${amount}</strong> to ${view.merchant.name}.</p>
  <form class="actions" method="post" action="/c/${session.id}/authenticate">
    <input type="hidden" name="payment_intent" value="${view.paymentIntentId}">
    <button class="main" name="answer" value="complete">Complete authentication</button>
    <button class="bad-button" name="answer" value="fail">Fail authentication</button>
  </form>
</section>`,
  });
}

/** For a session that is complete, whether it is paid already or a bank still has to decide. */
export function renderConfirmation(view: {
  merchant: Merchant;
  session: Stripe.Checkout.Session;
  customMessage: string | null;
}): Promise<Response> {
  const { session } = view;
  const waits = session.payment_status === "unpaid";
  const title = confirmationTitle(session, waits);
  const amount =
    session.amount_total !== null && session.currency
      ? html`<p class="total">${formatAmount(session.amount_total, session.currency)}</p>`
      : "";
  const text =
    view.customMessage ??
    (waits
      ? "Your bank has yet to confirm it. You need do nothing more."
      : `A payment to ${view.merchant.name} will appear on your statement.`);
  return renderPage(200, {
    title,
    merchant: view.merchant,
    body: html`<section class="card center">
  <p class="tick ${waits ? "wait" : ""}" aria-hidden="true">${waits ? "…" : "✓"}</p>
  <h1>${title}</h1>
  ${amount}
  <p class="quiet">${text}</p>
</section>`,
  });
}

function confirmationTitle(session: Stripe.Checkout.Session, waits: boolean): string {
  if (session.mode === "setup") return "Your payment details are saved";
  if (waits) return "Your payment is being processed";
  return session.mode === "subscription" ? "Thanks for subscribing" : "Thanks for your payment";
}
