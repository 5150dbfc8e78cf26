// The page that every mail is: tables and inline styles, as mail programs need them; no image and nothing
// else from elsewhere; colours that a dark mode may invert, and its own where it is asked.

import { type Html, html } from "./html.ts";

// Short, since it stands on every cell and some programs cut long mails off.
const FONT = "Arial,Helvetica,sans-serif";

export const STYLE = {
  text: `font:400 15px/1.5 ${FONT};color:#1c2421`,
  muted: `font:400 13px/1.5 ${FONT};color:#5d6b66`,
  title: `font:600 15px/1.4 ${FONT};color:#1c2421`,
  amount: `font:700 30px/1.2 ${FONT};color:#1c2421`,
  button: `font:600 16px/1.2 ${FONT};color:#ffffff;text-decoration:none;display:inline-block;padding:14px 28px`,
  address: `font:400 12px/1.5 ${FONT};color:#0b6b55;word-break:break-all`,
} as const;

// What inline styles cannot say. Where it is taken away, the mail is light and readable all the same.
const HEAD_STYLE = `
p, td, th, a, span { font-family: system-ui, -apple-system, "Segoe UI", Roboto, Arial, sans-serif !important; }
@media (prefers-color-scheme: dark) {
  .page { background: #14191c !important; }
  .card { background: #1d2427 !important; border-color: #33403c !important; }
  .ink { color: #e8eeeb !important; }
  .soft { color: #a3b1ac !important; }
  .link { color: #5fd0b0 !important; }
  .rule { border-color: #33403c !important; }
}
@media (max-width: 480px) { .pad { padding: 20px !important; } }`;

/** @param preview what inboxes show beside the subject */
export function mailPage(page: { language: string; title: string; preview: string; body: Html }): string {
  const document = html`<!doctype html>
<html lang="${page.language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<meta name="format-detection" content="telephone=no,date=no,address=no,email=no">
<title>${page.title}</title>
<style>${{ markup: HEAD_STYLE }}</style>
</head>
<body class="page" style="margin:0;padding:0;background:#f3f6f5">
<div style="display:none;max-height:0;overflow:hidden">${page.preview}</div>
<table role="presentation" class="page" width="100%" cellpadding="0" cellspacing="0" border="0" style="background:#f3f6f5">
<tr><td align="center" style="padding:24px 12px">
<table role="presentation" class="card" width="100%" cellpadding="0" cellspacing="0" border="0" style="max-width:600px;background:#ffffff;border:1px solid #dfe6e3;border-radius:10px">
<tr><td class="pad" style="padding:32px;word-break:break-word">
${page.body}
</td></tr>
</table>
</td></tr>
</table>
</body>
</html>
`;
  return document.markup;
}

/** A button that is a table cell, since mail programs style links unlike each other. */
export function button(words: string, url: string): Html {
  return html`<table role="presentation" cellpadding="0" cellspacing="0" border="0" style="margin:20px 0 8px">
<tr><td bgcolor="#0b6b55" style="border-radius:8px;background:#0b6b55"><a href="${url}" style="${STYLE.button}">${words}</a></td></tr>
</table>`;
}

export function paragraph(
  content: Html | string,
  style: string = STYLE.text,
  ink: "ink" | "soft" = "ink",
): Html {
  return html`<p class="${ink}" style="margin:0 0 12px;${style}">${content}</p>
`;
}
