// The page on which a person pays a session: what is bought on the one side, how it is paid on the
// other. It works without its script, which only fills in test cards and spaces out numbers.

import { html } from "hono/html";
import type Stripe from "stripe";
import { orderSummary, payButtonLabel } from "./order-summary.ts";
import { type Html, type Merchant, renderPage } from "./page-layout.ts";
import type { FieldErrors, PaymentForm } from "./payment-form.ts";
import { PAYMENT_PAGE_SCRIPT } from "./payment-page-script.ts";
import { TEST_CARDS } from "./test-cards.ts";

/** `message` is what went wrong as a whole, in Stripe's words; `errors` belong to one field each. */
export function renderPaymentPage(view: {
  status: number;
  merchant: Merchant;
  session: Stripe.Checkout.Session;
  lineItems: readonly Stripe.LineItem[];
  lockedEmail: string | null;
  form: PaymentForm;
  errors: FieldErrors;
  message: string | null;
}): Promise<Response> {
  const { session, form, errors } = view;
  const hint = session.custom_text?.submit?.message;
  return renderPage(view.status, {
    title: `Pay ${view.merchant.name}`,
    merchant: view.merchant,
    wide: true,
    script: PAYMENT_PAGE_SCRIPT,
    body: html`${orderSummary(session, view.lineItems)}
<section class="card pay" aria-label="Payment">
  <form class="stack" id="pay" method="post" action="/c/${session.id}" novalidate>
    ${view.message ? html`<p class="alert" role="alert">${view.message}</p>` : ""}
    ${view.lockedEmail ? lockedEmail(view.lockedEmail) : emailField(form, errors)}
    <fieldset>
      <legend>Payment method</legend>
      <div class="choices">
        ${methodChoice(form, "card", "Card", "")}
        ${methodChoice(form, "bank_debit_success", "Bank debit", "pays later")}
        ${methodChoice(form, "bank_debit_failure", "Bank debit", "fails later")}
      </div>
    </fieldset>
    <p class="bank-only quiet small">A bank debit is decided later: with SEPA or ACH after some days, here after some seconds.</p>
    <div class="card-only stack">
      ${field({ id: "card_number", label: "Card number", value: form.number, error: errors.number, complete: "cc-number", hint: "1234 1234 1234 1234", digits: true })}
      <div class="pair">
        ${field({ id: "card_expiry", label: "Expiry (MM / YY)", value: form.expiry, error: errors.expiry, complete: "cc-exp", hint: "MM / YY", digits: true })}
        ${field({ id: "card_cvc", label: "CVC", value: "", error: errors.cvc, complete: "cc-csc", hint: "123", digits: true })}
      </div>
    </div>
    ${field({ id: "name", label: "Name", value: form.name, error: errors.name, complete: "name", hint: "Full name" })}
    ${session.allow_promotion_codes ? field({ id: "promotion_code", label: "Promotion code, if you have one", value: form.promotionCode, error: undefined, complete: "off", hint: "" }) : ""}
    <button class="main" type="submit">${payButtonLabel(session)}</button>
    ${hint ? html`<p class="quiet small">${hint}</p>` : ""}
  </form>
</section>
<section class="tests" aria-labelledby="tests">
  <h2 id="tests">Test cards</h2>
  <p class="quiet small">Click one to fill it in.</p>
  <ul class="cards">${TEST_CARDS.map(
    (card) =>
      html`<li><button type="button" data-card="${card.number}"><code>${card.number}</code><span>${card.does}</span></button></li>`,
  )}</ul>
</section>`,
  });
}

function lockedEmail(email: string): Html {
  return html`<p><span class="quiet small">Email</span><br>${email}</p>`;
}

function emailField(form: PaymentForm, errors: FieldErrors): Html {
  return field({
    id: "email",
    label: "Email",
    value: form.email,
    error: errors.email,
    complete: "email",
    hint: "you@example.com",
    type: "email",
  });
}

function methodChoice(form: PaymentForm, method: PaymentForm["method"], label: string, hint: string): Html {
  const checked = form.method === method ? html`checked` : "";
  return html`<label class="choice"><input type="radio" name="method" id="method-${method.replaceAll("_", "-")}" value="${method}" ${checked}>${label}<span class="hint">${hint}</span></label>`;
}

function field(input: {
  id: string;
  label: string;
  value: string;
  error: string | undefined;
  complete: string;
  hint: string;
  type?: string;
  digits?: boolean;
}): Html {
  const wrong = input.error ? html`aria-invalid="true" aria-describedby="${input.id}-error"` : "";
  const digits = input.digits ? html`inputmode="numeric"` : "";
  return html`<div>
  <label for="${input.id}">${input.label}</label>
  <input id="${input.id}" name="${input.id}" type="${input.type ?? "text"}" value="${input.value}" placeholder="${input.hint}" autocomplete="${input.complete}" ${digits} ${wrong}>
  ${input.error ? html`<p class="wrong" id="${input.id}-error">${input.error}</p>` : ""}
</div>`;
}
