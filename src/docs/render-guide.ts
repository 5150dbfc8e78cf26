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
    // As CopyBlock has it; what is shown of an answer is nothing to copy.
    code({ text, lang }) {
      const escaped = escapeHtml(text);
      if (lang === "json")
        return `<div class="copy-block shown"><p>In the answer</p><pre tabindex="0"><code>${escaped}</code></pre></div>\n`;
      const button = `<button type="button" hidden data-copy="${escaped}"><span aria-live="polite">Copy</span></button>`;
      return `<div class="copy-block"><pre tabindex="0"><code>${escaped}</code></pre>${button}</div>\n`;
    },
    // On a narrow screen the cells of a row stand below one another, each with its head, and are a table still.
    table({ header, rows }) {
      const heads = header.map(({ tokens }) => this.parser.parseInline(tokens));
      const row = (cells: readonly string[]) => `<tr role="row">${cells.join("")}</tr>`;
      const body = rows.map((cells) =>
        row(
          cells.map(({ tokens }, index) => {
            const label = (heads[index] ?? "").replaceAll(/<[^<>]+>/g, "");
            const said = index === 0 || label === "" ? "" : ` data-label="${label}"`;
            return `<td role="cell"${said}>${this.parser.parseInline(tokens)}</td>`;
          }),
        ),
      );
      const head = row(heads.map((words) => `<th role="columnheader">${words}</th>`));
      return `<div class="guide-table"><table role="table"><thead role="rowgroup">${head}</thead><tbody role="rowgroup">${body.join("\n")}</tbody></table></div>\n`;
    },
    checkbox() {
      return '<span class="box" aria-hidden="true">☐</span> ';
    },
    codespan({ text }) {
      const code = /^error-\w+$/.test(text) ? text.slice("error-".length) : text;
      return `<code${code === text ? "" : ` id="${text}"`}>${escapeHtml(code)}</code>`;
    },
  },
});

/** @param text Markdown, as {@link fillGuide} made it */
export function renderGuide(text: string): string {
  return marked.parse(text, { async: false });
}

/** The sections of a guide, as {@link renderGuide} anchors them. */
export function headingsOf(text: string): { words: string; anchor: string }[] {
  const prose = text.replaceAll(/^```.*?^```/gms, "");
  return Array.from(prose.matchAll(/^## (.+)$/gm), ([, words = ""]) => ({ words, anchor: anchorOf(words) }));
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
