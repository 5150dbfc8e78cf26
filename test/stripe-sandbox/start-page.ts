// What a person sees who opens the sandbox itself: that it runs, and the links that wait to be paid.

import { html } from "hono/html";
import type Stripe from "stripe";
import { formatAmount } from "./format-amount.ts";
import { type Html, merchantOf, renderPage, SANDBOX } from "./page-layout.ts";
import type { AccountWorld, World } from "./types.ts";

const SHOWN = 20;

/** The newest payment links of all accounts, each with what it asks for. */
export function renderStartPage(world: World): Promise<Response> {
  const links = Object.values(world.accounts).flatMap((account) =>
    Object.values(account.paymentLinks).map((link) => ({ account, link })),
  );
  const rows = links
    .reverse()
    .slice(0, SHOWN)
    .map(({ account, link }) => linkRow(account, link));
  return renderPage(200, {
    title: "Stripe sandbox",
    merchant: SANDBOX,
    body: html`<section class="card">
  <h1>The sandbox is running</h1>
  <p class="quiet">It answers Stripe's API at this address, delivers signed webhooks, and takes test cards. Its keys look like <code>sk_test_yourname_1</code>: the account is made on first use.</p>
  <ul class="lines">${rows.length > 0 ? rows : html`<li class="quiet">No payment link has been made yet.</li>`}</ul>
</section>`,
  });
}

function linkRow(account: AccountWorld, link: Stripe.PaymentLink): Html {
  const items = account.paymentLinkLineItems[link.id] ?? [];
  const totalMinor = items.reduce((sum, item) => sum + item.amount_total, 0);
  const what = items.map((item) => item.description ?? "Item").join(", ");
  const limit = link.restrictions?.completed_sessions;
  const isUsedUp = limit !== undefined && limit.count >= limit.limit;
  const state = isUsedUp ? pill("completed") : link.active ? "" : pill("inactive");
  return html`<li><span class="what"><a href="/pay/${link.id}">${what || link.id}</a>${state}<br><span class="quiet small">${merchantOf(account.account).name}</span></span><span class="much">${formatAmount(totalMinor, link.currency)}</span></li>`;
}

function pill(text: string): Html {
  return html` <span class="pill off">${text}</span>`;
}
