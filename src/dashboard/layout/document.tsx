// The HTML document that every page is: dashboard, sign-in, errors and the docs.

import { html } from "hono/html";
import type { PropsWithChildren } from "hono/jsx";
import { ICON_HREF, SCRIPT_HREF, STYLE_HREF } from "../assets.ts";

type DocumentProps = PropsWithChildren<{ title: string; nonce: string }>;

/** The whole document as a response's text; its content is escaped by JSX. */
export function renderDocument(props: DocumentProps) {
  return html`<!doctype html>${<Document {...props} />}`;
}

function Document({ title, nonce, children }: DocumentProps) {
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>{`${title} · Quittance`}</title>
        <link rel="icon" type="image/svg+xml" href={ICON_HREF} />
        <link rel="stylesheet" href={STYLE_HREF} />
        <script src={SCRIPT_HREF} nonce={nonce} defer />
      </head>
      <body>
        <a class="skip" href="#content">
          Skip to content
        </a>
        {children}
      </body>
    </html>
  );
}
