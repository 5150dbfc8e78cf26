// Finds the sections of the guides that have all words of a query, and calls of the API; what has them in its heading
// or its guide's title comes first.

import { GUIDES } from "./guides.ts";
import type { ApiCall } from "./read-openapi.ts";
import { anchorOf, fillGuide } from "./render-guide.ts";
import { readSearchWords } from "./search-words.ts";

export type FoundSection = { href: string; title: string; section: string; excerpt: string };

const MOST_FOUND = 20;
const MOST_CALLS = 8;
const EXCERPT_CHARACTERS = 200;

/** @param origin stands in the text where the guide names its own address */
export function searchGuides(query: string, origin: string): FoundSection[] {
  const words = readSearchWords(query);
  if (words.length === 0) return [];
  const hits = GUIDES.flatMap(({ slug, title, text }) =>
    sectionsOf(fillGuide(text, origin), title).flatMap(({ heading, body }) => {
      if (countIn(`${title} ${heading} ${body}`, words) < words.length) return [];
      const anchor = heading === title ? "" : `#${anchorOf(heading)}`;
      const found = {
        href: `/docs/${slug}${anchor}`,
        title,
        section: plain(heading),
        excerpt: excerptOf(body, words),
      };
      const named = 3 * countIn(heading, words) + 2 * countIn(title, words);
      return [{ found, rank: named + (heading === title && named > 0 ? 1 : densityIn(body, words)) }];
    }),
  );
  return hits
    .sort((a, b) => b.rank - a.rank)
    .slice(0, MOST_FOUND)
    .map(({ found }) => found);
}

/** Calls of the API whose summary or path has all words. */
export function searchCalls(query: string, calls: readonly ApiCall[]): FoundSection[] {
  const words = readSearchWords(query);
  if (words.length === 0) return [];
  return calls
    .filter(({ summary, path }) => countIn(`${summary} ${path}`, words) === words.length)
    .slice(0, MOST_CALLS)
    .map(({ anchor, method, path, summary }) => ({
      href: `/docs/calls/${anchor}`,
      title: `${method} ${path}`,
      section: `${method} ${path}`,
      excerpt: summary,
    }));
}

function sectionsOf(text: string, title: string): { heading: string; body: string }[] {
  const sections = [{ heading: title, body: "" }];
  let inCode = false;
  for (const line of text.split("\n")) {
    if (line.startsWith("```")) inCode = !inCode;
    const heading = inCode ? undefined : /^##+ (.+)$/.exec(line)?.[1];
    if (heading === undefined) (sections.at(-1) ?? { body: "" }).body += `${line}\n`;
    else sections.push({ heading, body: "" });
  }
  return sections;
}

const countIn = (text: string, words: readonly (readonly string[])[]) => {
  const lower = text.toLowerCase();
  return words.filter((forms) => forms.some((form) => lower.includes(form))).length;
};

/** 0 to 1: which part of a text the words are. */
function densityIn(text: string, words: readonly (readonly string[])[]): number {
  const lower = text.toLowerCase();
  const said = words.flat().reduce((sum, form) => sum + (lower.split(form).length - 1) * form.length, 0);
  return Math.min(said / (lower.length + 1), 1);
}

function excerptOf(body: string, words: readonly (readonly string[])[]): string {
  const text = plain(body);
  const places = (words[0] ?? []).map((form) => text.toLowerCase().indexOf(form)).filter((at) => at >= 0);
  const at = Math.max(0, Math.min(...places, text.length) - 60);
  const start = at >= text.length - 60 ? 0 : at;
  return `${start > 0 ? "…" : ""}${text.slice(start, start + EXCERPT_CHARACTERS)}${text.length > start + EXCERPT_CHARACTERS ? "…" : ""}`;
}

function plain(markdown: string): string {
  return markdown
    .replaceAll(/\[([^[\]]*)\]\([^()[]*\)/g, "$1")
    .replaceAll(/^#.*$/gm, "")
    .replaceAll(/[`*|]|```\w*|-{3,}/g, "")
    .replaceAll(/\s+/g, " ")
    .trim();
}
