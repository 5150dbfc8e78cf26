// The billing portal: shows a customer the subscriptions, and lets one be cancelled.

import { html } from "hono/html";
import type Stripe from "stripe";
import type { SandboxContext } from "./context.ts";
import { formatAmount } from "./format-amount.ts";
import { billingPeriod } from "./order-summary.ts";
import {
  type Html,
  merchantOf,
  readForm,
  renderNotice,
  renderPage,
  SANDBOX,
  seeOther,
} from "./page-layout.ts";
import { cancelSubscription } from "./resources/subscriptions.ts";
import type { AccountWorld } from "./types.ts";

/** Answers `/p/session/{id}`; a POST there with a `subscription` cancels it at once. */
export async function handlePortalPage(context: SandboxContext, request: Request): Promise<Response> {
  const id = new URL(request.url).pathname.split("/")[3] ?? "";
  const account = Object.values(context.world.accounts).find((world) => world.portalSessions[id]);
  const session = account?.portalSessions[id];
  if (!account || !session) return unknownSession();
  const subscriptions = Object.values(account.subscriptions).filter(
    (subscription) => subscription.customer === session.customer,
  );
  if (request.method === "POST") {
    const wanted = (await readForm(request)).get("subscription");
    const subscription = subscriptions.find((candidate) => candidate.id === wanted);
    if (subscription && subscription.status !== "canceled") {
      await cancelSubscription(context, account, subscription);
    }
    return seeOther(`/p/session/${id}`);
  }
  return renderPortal(account, session, subscriptions);
}

function renderPortal(
  account: AccountWorld,
  session: Stripe.BillingPortal.Session,
  subscriptions: readonly Stripe.Subscription[],
): Promise<Response> {
  const merchant = merchantOf(account.account);
  const customer = account.customers[session.customer];
  const back = session.return_url
    ? html`<a class="back" href="${session.return_url}">&larr; Return to ${merchant.name}</a>`
    : "";
  return renderPage(200, {
    title: `Billing with ${merchant.name}`,
    merchant,
    body: html`${back}
<section class="card">
  <h1>Your subscriptions</h1>
  <p class="quiet">${customer?.name ?? "Customer"}${customer?.email ? ` · ${customer.email}` : ""}</p>
  <ul class="lines">${subscriptions.length === 0 ? html`<li>You have none.</li>` : subscriptions.map((subscription) => subscriptionRow(session, account, subscription))}</ul>
</section>`,
  });
}

function subscriptionRow(
  session: Stripe.BillingPortal.Session,
  account: AccountWorld,
  subscription: Stripe.Subscription,
): Html {
  const ended = subscription.status === "canceled";
  const names = subscription.items.data.map((item) => itemText(account, item));
  const button = ended
    ? ""
    : html`<form method="post" action="/p/session/${session.id}"><button class="bad-button" name="subscription" value="${subscription.id}" aria-label="Cancel ${names.join(", ")}">Cancel</button></form>`;
  return html`<li class="subscription"><div><p><strong>${names.join(", ")}</strong></p>
    <p class="small"><span class="pill ${ended ? "off" : ""}">${subscription.status.replaceAll("_", " ")}</span> <span class="quiet">${whatComes(subscription)}</span></p></div>${button}</li>`;
}

function itemText(account: AccountWorld, item: Stripe.SubscriptionItem): string {
  const { price } = item;
  const productId = typeof price.product === "string" ? price.product : price.product.id;
  const name = account.products[productId]?.name ?? price.nickname ?? "Subscription";
  if (price.unit_amount === null) return name;
  const amount = formatAmount(price.unit_amount * (item.quantity ?? 1), price.currency);
  return `${name} · ${amount}${billingPeriod(price.recurring)}`;
}

function whatComes(subscription: Stripe.Subscription): string {
  const day = (seconds: number) => new Date(seconds * 1000).toISOString().slice(0, 10);
  if (subscription.ended_at) return `ended on ${day(subscription.ended_at)}`;
  const end = subscription.items.data[0]?.current_period_end;
  if (!end) return "";
  return subscription.cancel_at_period_end ? `ends on ${day(end)}` : `renews on ${day(end)}`;
}

function unknownSession(): Promise<Response> {
  const text = "A billing portal session is made for one visit. Ask for a new one.";
  return renderNotice(404, { merchant: SANDBOX, title: "There is nothing here", text });
}
