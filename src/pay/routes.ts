// Where an invoice is paid, for good. Whoever holds the address is let in, so that it tells little and changes nothing:
// scanners that open what stands in mails do no harm.

import { type Context, Hono } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import { findByCode, type NamedScope } from "../directory/find-by-code.ts";
import { type BarePageEnv, barePage, faultOfPage } from "../http/bare-page.ts";
import { limit } from "../http/rate-limit.ts";
import { lookUp } from "../http/refused-addresses.ts";
import { senderOf } from "../http/sender.ts";
import { linkUrlFor } from "../invoices/link-url.ts";
import { ledger } from "../ledger/client.ts";
import type { PaymentPage } from "../ledger/invoices/find-payment-page.ts";
import { mailLocale } from "../mail/mail-locale.ts";
import { shortLine } from "../mail/plain-text.ts";
import { AppError } from "../platform/app-error.ts";
import type { Deps } from "../platform/deps.ts";
import { readPaymentToken } from "../platform/payment-url.ts";
import { chooseLocale } from "./choose-locale.ts";
import { bareContent, invoiceContent, type PageContent } from "./page-content.ts";
import { pageState } from "./page-state.ts";
import { renderPayPage } from "./render-page.tsx";

type PayContext = Context<BarePageEnv>;

const MOST_SELLER_CHARACTERS = 80;

export const payRoutes = new Hono<BarePageEnv>()
  .onError(showFault)
  .use(barePage)
  .get("/:token", async (c) => {
    const found = await find(c, c.req.param("token"));
    if (!found) return answer(c, bareContent("unknown", languageOf(c)), 404);
    const { page, named } = found;
    const { settings, customer, invoice } = page;
    const state = pageState(page, c.get("deps").now());
    if (state.name === "to_link") {
      const parts = { email: customer.email, clientReferenceId: invoice.id, locale: settings.locale };
      return c.redirect(linkUrlFor(state.url, parts), 303);
    }
    const chosen = chooseLocale(settings.locale, c.req.header("accept-language"));
    const told = {
      seller: sellerOf(page, named),
      contact: settings.email_reply_to ?? c.get("deps").config.email?.replyTo ?? null,
      locale: mailLocale(chosen, settings.time_zone, customer.country),
    };
    return answer(c, invoiceContent(page, state, told), 200);
  });

/** @throws AppError `rate_limited`; `database_unavailable` */
async function find(c: PayContext, token: string): Promise<{ page: PaymentPage; named: NamedScope } | null> {
  const deps = c.get("deps");
  const read = readPaymentToken(token);
  if (!read) return null;
  return lookUp(deps, "pay", token, async () => {
    await limit(deps, "pay", senderOf(deps));
    const named = await findByCode(deps, read.code);
    const page = named && (await pageIn(deps, named, token));
    return named && page ? { page, named } : null;
  });
}

async function pageIn(deps: Deps, { scope }: NamedScope, token: string): Promise<PaymentPage | null> {
  try {
    return await ledger(deps, scope).findPaymentPage({ token });
  } catch (error) {
    // Erased at this moment.
    if (error instanceof AppError && error.code === "not_found") return null;
    throw error;
  }
}

/** As mails and Stripe's own page name it; what the platform calls the tenant where neither does. */
function sellerOf({ settings }: PaymentPage, { accountName, tenantName }: NamedScope): string {
  const names = [settings.email_from_name, accountName, tenantName];
  const [first = ""] = names.map((name) => shortLine(name ?? "", MOST_SELLER_CHARACTERS)).filter(Boolean);
  return first;
}

async function showFault(error: unknown, c: PayContext): Promise<Response> {
  const status = faultOfPage(error, c);
  return answer(c, bareContent(status === 429 ? "too_often" : "broken", languageOf(c)), status);
}

function languageOf(c: PayContext): string {
  return new Intl.Locale(chooseLocale(null, c.req.header("accept-language"))).language;
}

function answer(c: PayContext, content: PageContent, status: number) {
  return c.html(renderPayPage(content, c.get("secureHeadersNonce") ?? ""), status as ContentfulStatusCode);
}
