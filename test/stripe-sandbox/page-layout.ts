// The frame of every hosted page: one inline stylesheet, no outside asset, and a policy that lets the
// browser run nothing but what is written here.

import { html, raw } from "hono/html";
import type Stripe from "stripe";
import { isLive } from "./mode.ts";
import { STYLESHEET } from "./page-style.ts";

export type Html = ReturnType<typeof html>;

/** Whose page it is. */
export type Merchant = {
  name: string;
  /** Null: of no account, or of one whose mode is not known yet. */
  livemode: boolean | null;
};

/** Of pages that are no merchant's. */
export const SANDBOX: Merchant = { name: "Stripe sandbox", livemode: null };

/** A complete page. `script` is our own code, run under the page's nonce; it must hold nothing of a payer's. */
export async function renderPage(
  status: number,
  page: { title: string; merchant: Merchant; wide?: boolean; body: Html; script?: string },
): Promise<Response> {
  const nonce = crypto.randomUUID();
  const text = await html`<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="robots" content="noindex">
    <title>${page.title}</title>
    <link rel="icon" href="data:,">
    <style nonce="${nonce}">${raw(STYLESHEET)}</style>
  </head>
  <body class="${page.wide ? "wide" : "narrow"}">
    <header class="bar">
      <span class="merchant"><span class="mark" aria-hidden="true">${initial(page.merchant.name)}</span>${page.merchant.name}</span>
      ${page.merchant.livemode === false ? html`<span class="badge">Test mode</span>` : ""}
    </header>
    <main>${page.body}</main>
    <footer>This is a sandbox: it answers like Stripe, and no money moves.</footer>
    ${page.script ? html`<script nonce="${nonce}">${raw(page.script)}</script>` : ""}
  </body>
</html>
`;
  return new Response(String(text), {
    status,
    headers: {
      "content-type": "text/html; charset=utf-8",
      "cache-control": "no-store",
      "referrer-policy": "same-origin",
      "x-content-type-options": "nosniff",
      // No form-action: browsers hold it against the redirect that follows, and that goes to the merchant.
      "content-security-policy": `default-src 'none'; style-src 'nonce-${nonce}'; script-src 'nonce-${nonce}'; img-src data:; base-uri 'none'; frame-ancestors 'none'`,
    },
  });
}

/** A page that says one thing: an inactive link, an expired session, an address that leads nowhere. */
export function renderNotice(
  status: number,
  notice: { merchant: Merchant; title: string; text: string; link?: { url: string; label: string } },
): Promise<Response> {
  const link = notice.link
    ? html`<p><a class="button" href="${notice.link.url}">${notice.link.label}</a></p>`
    : "";
  return renderPage(status, {
    title: notice.title,
    merchant: notice.merchant,
    body: html`<section class="card center"><h1>${notice.title}</h1><p class="quiet">${notice.text}</p>${link}</section>`,
  });
}

/** As the payer is shown it. */
export function merchantOf(account: Stripe.Account): Merchant {
  const name = account.settings?.dashboard?.display_name ?? account.business_profile?.name ?? account.id;
  return { name, livemode: isLive(account.id) };
}

/** What a form sent. Not by `text()`: workerd warns that a form is not text. */
export async function readForm(request: Request): Promise<URLSearchParams> {
  return new URLSearchParams(new TextDecoder().decode(await request.arrayBuffer()));
}

/** A redirect after a form, so that reloading the next page does not pay again. */
export function seeOther(url: string): Response {
  return new Response(null, { status: 303, headers: { location: url, "cache-control": "no-store" } });
}

function initial(merchant: string): string {
  return (Array.from(merchant)[0] ?? "?").toUpperCase();
}
