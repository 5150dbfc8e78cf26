// The stylesheet, the script and the icon that all pages share. Their addresses carry a mark of their
// content, so that browsers may keep them for good and still see a new version at once.

import { Hono } from "hono";
import { PAGE_SCRIPT } from "./page-script.ts";
import { STYLESHEET } from "./style/stylesheet.ts";

const ICON = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><rect width="24" height="24" rx="6" fill="#0a6b54"/><path d="M7 12.5l3.4 3.4L17.2 8.6" fill="none" stroke="#fff" stroke-width="2.4" stroke-linecap="round" stroke-linejoin="round"/></svg>`;

export const STYLE_HREF = `/dashboard/style.css?v=${markOf(STYLESHEET)}`;
export const SCRIPT_HREF = `/dashboard/page.js?v=${markOf(PAGE_SCRIPT)}`;
export const ICON_HREF = `/dashboard/icon.svg?v=${markOf(ICON)}`;

export const assets = new Hono();
for (const [path, type, content] of [
  ["/style.css", "text/css", STYLESHEET],
  ["/page.js", "text/javascript", PAGE_SCRIPT],
  ["/icon.svg", "image/svg+xml", ICON],
] as const) {
  assets.get(path, (c) =>
    c.body(content, 200, {
      "content-type": `${type}; charset=utf-8`,
      "cache-control": "public, max-age=31536000, immutable",
    }),
  );
}

/** FNV-1a: enough to tell one version from the next, and it needs no promise while the module loads. */
function markOf(text: string): string {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return (hash >>> 0).toString(36);
}
