// The product's pages. No script is needed.

import { html } from "hono/html";
import type { Access } from "./access.ts";
import { PLANS, PRODUCT } from "./catalogue.ts";
import type { CheckoutSession } from "./quittance.ts";

type Html = ReturnType<typeof html>;
type Sold = { name: string; title: string; price: string; for: string };

export function pricingPage(): Html {
  return page(
    "Pricing",
    html`<ul>${PLANS.map((plan) => offer(plan, "/subscribe", "plan", "Subscribe"))}</ul>
    <h2>Once</h2>
    <ul>${offer(PRODUCT, "/checkout", "product", "Buy")}</ul>`,
  );
}

/** What Quittance says of the session, and nothing that stands in the address. */
export function thanksPage({ status, payment_status }: CheckoutSession): Html {
  if (status !== "complete")
    return page("Not yet", html`<p>The payment was not completed. <a href="/">Back to the prices</a></p>`);
  if (payment_status === "unpaid")
    return page("Thank you", html`<p>Your bank needs some days. You are let in once the money is here.</p>`);
  const nothing = payment_status === "no_payment_required" ? html`<p>There was nothing to pay.</p>` : "";
  return page("Thank you", html`${nothing}<p><a href="/account">On to your account</a></p>`);
}

export function accountPage({ plan, products }: Access): Html {
  const title = PLANS.find(({ name }) => name === plan?.name)?.title ?? plan?.name;
  return page(
    "Your account",
    html`<p>Plan: <strong data-testid="plan">${title ?? "none"}</strong></p>
    <p>Bought: <strong data-testid="products">${products.join(", ") || "nothing"}</strong></p>
    <form method="post" action="/portal"><button>Manage billing</button></form>`,
  );
}

export function problemPage(title: string, text: string): Html {
  return page(title, html`<p role="alert">${text}</p>`);
}

/** The key in the form makes a second click on the same button the same call. */
function offer(sold: Sold, action: string, field: string, button: string): Html {
  return html`<li><h3>${sold.title}</h3><p>${sold.for} <strong>${sold.price}</strong></p>
    <form method="post" action="${action}">
      <input type="hidden" name="${field}" value="${sold.name}">
      <input type="hidden" name="once" value="${crypto.randomUUID()}">
      <button aria-label="${button}: ${sold.title}">${button}</button>
    </form></li>`;
}

function page(title: string, body: Html): Html {
  return html`<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title}</title>
<style>body { font: 1rem/1.5 system-ui; max-width: 40rem; margin: 2rem auto; padding: 0 1rem; color-scheme: light dark }</style>
</head>
<body><nav><a href="/">Pricing</a> <a href="/account">Account</a></nav><h1>${title}</h1>${body}</body>
</html>`;
}
