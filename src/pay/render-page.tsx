// A page behind a payment URL as a document: no script, nothing from elsewhere, every text escaped by JSX.

import { html, raw } from "hono/html";
import { cutText } from "../platform/text.ts";
import type { PageAct, PageContent, PageTone } from "./page-content.ts";
import { PAGE_STYLE } from "./page-style.ts";

/** @param nonce of the Content-Security-Policy that it is answered with */
export function renderPayPage(content: PageContent, nonce: string) {
  return html`<!doctype html>${<PayPage content={content} nonce={nonce} />}`;
}

function PayPage({ content, nonce }: { content: PageContent; nonce: string }) {
  const { seller, heading, refreshSeconds, tone } = content;
  return (
    <html lang={content.language}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="robots" content="noindex" />
        <meta name="format-detection" content="telephone=no,date=no,address=no,email=no" />
        {refreshSeconds === null ? null : <meta http-equiv="refresh" content={String(refreshSeconds)} />}
        <title>{seller === null ? heading : `${heading} · ${seller}`}</title>
        <style nonce={nonce}>{raw(PAGE_STYLE)}</style>
      </head>
      <body>
        <main class={tone}>
          {seller === null ? null : <Seller name={seller} />}
          <div class="state">
            <Sign tone={tone} isWaiting={refreshSeconds !== null} />
            <h1>{heading}</h1>
            <p class="says">{content.text}</p>
          </div>
          <Amount amount={content.amount} />
          <Facts facts={content.facts} />
          <Acts acts={content.acts} />
        </main>
        {content.footnote === null ? null : <p class="footnote">{content.footnote}</p>}
      </body>
    </html>
  );
}

function Seller({ name }: { name: string }) {
  return (
    <p class="seller">
      <span aria-hidden="true">{cutText(name, 1).toUpperCase()}</span>
      <b>{name}</b>
    </p>
  );
}

const SIGNS: Record<PageTone, string> = {
  good: "M5 12.5l4.6 4.6L19 7.4",
  wait: "M12 5v7l4.6 3",
  warn: "M12 6v7.5M12 17.6v.1",
  idle: "M6.5 12h11",
};

/** Decoration beside the heading. */
function Sign({ tone, isWaiting }: { tone: PageTone; isWaiting: boolean }) {
  return (
    <span class={isWaiting ? "sign turning" : "sign"}>
      <svg viewBox="0 0 24 24" aria-hidden="true">
        <path d={isWaiting ? "M12 4.5a7.5 7.5 0 1 1-7.5 7.5" : SIGNS[tone]} />
      </svg>
    </span>
  );
}

function Amount({ amount }: { amount: PageContent["amount"] }) {
  if (amount === null) return null;
  return (
    <div class="amount">
      <p>{amount.name}</p>
      <p class={amount.value.length > 16 ? "figure long" : "figure"}>{amount.value}</p>
      {amount.day === null ? null : <p>{amount.day}</p>}
    </div>
  );
}

function Facts({ facts }: { facts: PageContent["facts"] }) {
  if (facts.length === 0) return null;
  return (
    <dl>
      {facts.map(([name, value]) => (
        <div>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function Acts({ acts }: { acts: readonly PageAct[] }) {
  if (acts.length === 0) return null;
  return (
    <div class="acts">
      {acts.map(({ words, href, isFirst, note }) => (
        <>
          {note === null ? null : <p>{note}</p>}
          <a class={isFirst ? "first" : undefined} href={href} rel="noreferrer">
            {words}
          </a>
        </>
      ))}
    </div>
  );
}
