// The API reference, by Scalar, over /openapi.json. Its script is an asset of our own, and asks nobody else for
// anything: no fonts, proxy, telemetry or assistant of Scalar's. It alone may set styles in the page.

import type { Context } from "hono";
import { html, raw } from "hono/html";
import { NONCE, secureHeaders } from "hono/secure-headers";
import { ICON_HREF } from "../dashboard/assets.ts";
import type { DashboardEnv } from "../dashboard/dashboard-env.ts";
import type { ApiCall } from "./read-openapi.ts";

const SCRIPT_HREF = "/docs/scalar-1.76.0.js";

// Scalar sets style attributes, for which a policy knows no nonce, and some style elements without one. Styles are no
// script: what runs here is named by the nonce.
const REFERENCE_POLICY = {
  defaultSrc: ["'none'"],
  styleSrc: ["'self'", "'unsafe-inline'"],
  scriptSrc: [NONCE],
  imgSrc: ["'self'", "data:"],
  connectSrc: ["'self'"],
  formAction: ["'none'"],
  baseUri: ["'none'"],
  frameAncestors: ["'none'"],
};

export const referenceHeaders = secureHeaders({
  contentSecurityPolicy: REFERENCE_POLICY,
  xFrameOptions: "DENY",
  strictTransportSecurity: false,
  referrerPolicy: "same-origin",
});

// https://github.com/scalar/scalar/blob/main/documentation/configuration.md
const CONFIGURATION = {
  url: "/openapi.json",
  telemetry: false,
  withDefaultFonts: false,
  agent: { disabled: true },
  mcp: { disabled: true },
  hideClientButton: true,
  authentication: { preferredSecurityScheme: "apiKey" },
  showDeveloperTools: "never",
  defaultHttpClient: { targetKey: "shell", clientKey: "curl" },
  documentDownloadType: "direct",
  persistAuth: false,
};

export function referencePage(c: Context<DashboardEnv>) {
  const nonce = c.get("secureHeadersNonce");
  return c.html(html`<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>API reference · Quittance</title>
    <link rel="icon" type="image/svg+xml" href="${ICON_HREF}">
  </head>
  <body>
    <noscript>The reference needs JavaScript. The same is in <a href="/openapi.json">openapi.json</a>.</noscript>
    <div id="reference"></div>
    <script nonce="${nonce}" src="${SCRIPT_HREF}"></script>
    <script nonce="${nonce}">Scalar.createApiReference("#reference", ${raw(JSON.stringify(CONFIGURATION))})</script>
  </body>
</html>`);
}

/** Where Scalar shows a call: `tag/invoices/POST/api/v1/invoices`. */
export function referencePlace({ tag, method, path }: ApiCall): string {
  const slug = tag
    .toLowerCase()
    .replaceAll(/[^a-z0-9\s-]/g, "")
    .replaceAll(/\s+/g, "-");
  return `tag/${slug}/${method}${path}`;
}
