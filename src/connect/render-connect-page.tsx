// A page that says why an account was not connected, with the way back: no script, nothing from elsewhere, every text
// escaped by JSX.

import { html, raw } from "hono/html";

const STYLE = `
:root { color-scheme: light dark; }
body { margin: 0; min-height: 100vh; display: grid; place-content: center; padding: 1.5rem;
  font: 1rem/1.5 system-ui, sans-serif; background: Canvas; color: CanvasText; }
main { max-width: 28rem; border: 1px solid color-mix(in srgb, CanvasText 20%, transparent); border-radius: 12px; padding: 2rem; }
h1 { font-size: 1.35rem; line-height: 1.3; margin: 0 0 .75rem; }
p { margin: 0 0 1rem; overflow-wrap: anywhere; }
.said { border-left: 3px solid color-mix(in srgb, CanvasText 30%, transparent); padding-left: .75rem; }
a { display: inline-block; padding: .6rem 1rem; border-radius: 8px; background: #4338ca; color: #fff; text-decoration: none; }
a:focus-visible { outline: 3px solid #818cf8; outline-offset: 2px; }
`;

export type ConnectPage = {
  heading: string;
  text: string;
  /** In Stripe's words, or in a stranger's who made the address up. */
  said: string | null;
  /** Null where nobody is known who began it. */
  back: string | null;
};

/** @param nonce of the Content-Security-Policy that it is answered with */
export function renderConnectPage(page: ConnectPage, nonce: string) {
  return html`<!doctype html>${<Document page={page} nonce={nonce} />}`;
}

function Document({ page, nonce }: { page: ConnectPage; nonce: string }) {
  const { heading, text, said, back } = page;
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="robots" content="noindex" />
        <title>{`${heading} · Quittance`}</title>
        <style nonce={nonce}>{raw(STYLE)}</style>
      </head>
      <body>
        <main>
          <h1>{heading}</h1>
          <p>{text}</p>
          {said === null ? null : <p class="said">What came with the address: {said}</p>}
          {back === null ? null : (
            <a href={back} rel="noreferrer">
              Back
            </a>
          )}
        </main>
      </body>
    </html>
  );
}
