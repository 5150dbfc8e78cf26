// A guide's Markdown as HTML: headings with anchors, code that can be copied, tables that scroll, and the tables that
// are made from the code. The text is our own; what it quotes of code is escaped.

import { Marked } from "marked";
import { generatedTables } from "./generated-tables.ts";
import { GUIDE_VALUES } from "./guide-values.ts";

/** What a guide says where it runs: `{{origin}}`; a value of the code: `{{time_out}}`; a whole table: `{{table:errors}}`. */
export function fillGuide(text: string, origin: string): string {
  return text
    .replaceAll(/^\{\{table:([a-z-]+)\}\}$/gm, (_, name: string) => generatedTables[name]?.() ?? "")
    .replaceAll("{{origin}}", origin)
    .replaceAll(/\{\{([a-z_]+)\}\}/g, (placeholder, name: string) => GUIDE_VALUES[name]?.() ?? placeholder);
}

const marked = new Marked({
  gfm: true,
  renderer: {
    heading({ tokens, depth }) {
      const words = this.parser.parseInline(tokens);
      return `<h${depth} id="${anchorOf(words)}">${words}</h${depth}>\n`;
    },
    // As CopyBlock has it.
    code({ text }) {
      const escaped = escapeHtml(text);
      const button = `<button type="button" hidden data-copy="${escaped}"><span aria-live="polite">Copy</span></button>`;
      return `<div class="copy-block"><pre><code>${escaped}</code></pre>${button}</div>\n`;
    },
    codespan({ text }) {
      const code = /^error-\w+$/.test(text) ? text.slice("error-".length) : text;
      return `<code${code === text ? "" : ` id="${text}"`}>${escapeHtml(code)}</code>`;
    },
  },
});

/** @param text Markdown, as {@link fillGuide} made it */
export function renderGuide(text: string): string {
  return marked
    .parse(text, { async: false })
    .replaceAll("<table>", '<div class="guide-table"><table>')
    .replaceAll("</table>", "</table></div>");
}

/** `Doing it once` -> `doing-it-once`. */
export function anchorOf(words: string): string {
  return words
    .replaceAll(/<[^<>]+>|&[#\w]+;/g, "")
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-|-$/g, "");
}

function escapeHtml(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
