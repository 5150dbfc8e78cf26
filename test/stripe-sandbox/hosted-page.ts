// The addresses that a payer opens in a browser: payment links, checkout sessions and the billing portal.
// What is paid, declined or asked for is decided by pay.ts; here it is only shown and answered.

import type Stripe from "stripe";
import type { SandboxContext } from "./context.ts";
import { StripeApiError } from "./errors.ts";
import { merchantOf, readForm, renderNotice, SANDBOX, seeOther } from "./page-layout.ts";
import { answer3ds, openSessionForLink, pay } from "./pay.ts";
import { EMPTY_FORM, type FieldErrors, type PaymentForm, readPaymentForm } from "./payment-form.ts";
import { renderPaymentPage } from "./payment-page.ts";
import { handlePortalPage } from "./portal-page.ts";
import { renderAuthentication, renderConfirmation } from "./result-pages.ts";
import { renderStartPage } from "./start-page.ts";
import type { AccountWorld, PayResult } from "./types.ts";

type Found = { account: AccountWorld; session: Stripe.Checkout.Session };

const AUTHENTICATION_FAILED =
  "We are unable to authenticate your payment method. Please choose a different payment method and try again.";

/** Answers `/`, `/pay/…`, `/c/…` and `/p/…`; null for every other path. */
export async function handleHostedPage(context: SandboxContext, request: Request): Promise<Response | null> {
  const url = new URL(request.url);
  const [room, id = "", action = ""] = url.pathname.split("/").slice(1);
  if (room === "") return renderStartPage(context.world);
  if (room === "pay") return openLink(context, id, url.searchParams);
  if (room === "p") return handlePortalPage(context, request);
  if (room !== "c") return null;
  const found = findSession(context, id);
  if (!found) return notFound();
  const posted = request.method === "POST" ? await readForm(request) : null;
  if (found.session.status === "complete") return posted ? completed(context, found) : confirmation(found);
  if (found.session.status === "expired") return expired(found);
  if (action === "authenticate") return authenticate(context, found, posted, url.searchParams);
  return posted
    ? submit(context, found, posted)
    : paymentPage(found, 200, firstForm(found, url.searchParams));
}

async function openLink(context: SandboxContext, linkId: string, query: URLSearchParams): Promise<Response> {
  const account = Object.values(context.world.accounts).find((world) => world.paymentLinks[linkId]);
  const link = account?.paymentLinks[linkId];
  if (!account || !link) return notFound();
  const session = openSessionForLink(context, account.account.id, linkId);
  if ("error" in session) {
    const text = link.inactive_message ?? "Ask the merchant for a new one if you still want to pay.";
    const title = "This link is no longer active";
    return renderNotice(410, { merchant: merchantOf(account.account), title, text });
  }
  const reference = query.get("client_reference_id");
  // What is not of this form Stripe drops silently. https://docs.stripe.com/payment-links/url-parameters
  if (reference && /^[\w-]{1,200}$/.test(reference)) session.client_reference_id = reference;
  context.changed();
  const email = query.get("prefilled_email");
  return seeOther(`/c/${session.id}${email ? `?prefilled_email=${encodeURIComponent(email)}` : ""}`);
}

async function submit(context: SandboxContext, found: Found, data: URLSearchParams): Promise<Response> {
  const { form, errors, payer } = readPaymentForm(data, lockedEmail(found), context.now());
  if (!payer) return paymentPage(found, 422, form, errors);
  const { account, session } = found;
  try {
    const result = await pay(context, account.account.id, { sessionId: session.id }, payer);
    return answerResult(context, found, form, result);
  } catch (error) {
    if (!(error instanceof StripeApiError)) throw error;
    return paymentPage(found, error.status, form, {}, error.message);
  }
}

async function authenticate(
  context: SandboxContext,
  found: Found,
  posted: URLSearchParams | null,
  query: URLSearchParams,
): Promise<Response> {
  const { account, session } = found;
  const paymentIntentId = (posted ?? query).get("payment_intent") ?? "";
  const intent = account.paymentIntents[paymentIntentId];
  if (intent?.status !== "requires_action") return seeOther(`/c/${session.id}`);
  if (!posted) {
    return renderAuthentication({ merchant: merchantOf(account.account), session, paymentIntentId });
  }
  const approved = posted.get("answer") === "complete";
  const result = await answer3ds(context, account.account.id, paymentIntentId, approved);
  return answerResult(context, found, firstForm(found, query), result);
}

function answerResult(
  context: SandboxContext,
  found: Found,
  form: PaymentForm,
  result: PayResult,
): Response | Promise<Response> {
  if (result.outcome === "requires_action") {
    return seeOther(`/c/${result.sessionId}/authenticate?payment_intent=${result.paymentIntentId}`);
  }
  if (result.outcome !== "declined") return completed(context, found);
  const message =
    result.code === "payment_intent_authentication_failure" ? AUTHENTICATION_FAILED : result.message;
  return paymentPage(found, 402, form, {}, message);
}

/** Where a payer goes who has paid: to the merchant's own page, or to the confirmation. */
function completed(context: SandboxContext, found: Found): Response {
  const session =
    context.world.accounts[found.account.account.id]?.sessions[found.session.id] ?? found.session;
  const after = paymentLink(found.account, session)?.after_completion;
  const url = after?.type === "redirect" ? after.redirect?.url : session.success_url;
  return seeOther(url ? url.replaceAll("{CHECKOUT_SESSION_ID}", session.id) : `/c/${session.id}`);
}

function confirmation(found: Found): Promise<Response> {
  const after = paymentLink(found.account, found.session)?.after_completion;
  const customMessage = after?.hosted_confirmation?.custom_message ?? null;
  return renderConfirmation({
    merchant: merchantOf(found.account.account),
    session: found.session,
    customMessage,
  });
}

function paymentPage(
  found: Found,
  status: number,
  form: PaymentForm,
  errors: FieldErrors = {},
  message: string | null = null,
): Promise<Response> {
  const { account, session } = found;
  return renderPaymentPage({
    status,
    merchant: merchantOf(account.account),
    session,
    lineItems: account.sessionLineItems[session.id] ?? [],
    lockedEmail: lockedEmail(found),
    form,
    errors,
    message,
  });
}

function expired(found: Found): Promise<Response> {
  const merchant = merchantOf(found.account.account);
  const text = "Nothing was charged. Open the link that you were sent once more to pay.";
  return renderNotice(410, { merchant, title: "This checkout session has expired", text });
}

function notFound(): Promise<Response> {
  const text = "The address may be incomplete. Please check the link that you were sent.";
  return renderNotice(404, { merchant: SANDBOX, title: "There is nothing here", text });
}

function lockedEmail({ account, session }: Found): string | null {
  if (session.customer_email) return session.customer_email;
  const customer = typeof session.customer === "string" ? account.customers[session.customer] : null;
  return customer?.email ?? null;
}

function paymentLink(
  account: AccountWorld,
  session: Stripe.Checkout.Session,
): Stripe.PaymentLink | undefined {
  return typeof session.payment_link === "string" ? account.paymentLinks[session.payment_link] : undefined;
}

/** What the address says, else what the payer gave in a try that failed. */
function firstForm({ session }: Found, query: URLSearchParams): PaymentForm {
  const known = session.customer_details;
  const email = query.get("prefilled_email") ?? known?.email ?? "";
  return { ...EMPTY_FORM, email, name: known?.name ?? "" };
}

function findSession(context: SandboxContext, sessionId: string): Found | null {
  for (const account of Object.values(context.world.accounts)) {
    const session = account.sessions[sessionId];
    if (session) return { account, session };
  }
  return null;
}
