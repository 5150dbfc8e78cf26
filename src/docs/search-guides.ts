// Finds the sections of the guides that have all words of a query; a heading that has them comes first.

import { GUIDES } from "./guides.ts";
import { anchorOf, fillGuide } from "./render-guide.ts";

export type FoundSection = { href: string; title: string; section: string; excerpt: string };

const MOST_FOUND = 20;
const EXCERPT_CHARACTERS = 200;

/** @param origin stands in the text where the guide names its own address */
export function searchGuides(query: string, origin: string): FoundSection[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return [];
  const hits = GUIDES.flatMap(({ slug, title, text }) =>
    sectionsOf(fillGuide(text, origin), title).flatMap(({ heading, body }) => {
      const inHeading = countIn(heading, words);
      if (countIn(`${title} ${heading} ${body}`, words) < words.length) return [];
      const anchor = heading === title ? "" : `#${anchorOf(heading)}`;
      const found = {
        href: `/docs/${slug}${anchor}`,
        title,
        section: plain(heading),
        excerpt: excerptOf(body, words),
      };
      return [{ found, rank: inHeading }];
    }),
  );
  return hits
    .sort((a, b) => b.rank - a.rank)
    .slice(0, MOST_FOUND)
    .map(({ found }) => found);
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

const countIn = (text: string, words: readonly string[]) => {
  const lower = text.toLowerCase();
  return words.filter((word) => lower.includes(word)).length;
};

function excerptOf(body: string, words: readonly string[]): string {
  const text = plain(body);
  const at = Math.max(0, text.toLowerCase().indexOf(words[0] ?? "") - 60);
  return `${at > 0 ? "…" : ""}${text.slice(at, at + EXCERPT_CHARACTERS)}${text.length > at + EXCERPT_CHARACTERS ? "…" : ""}`;
}

function plain(markdown: string): string {
  return markdown
    .replaceAll(/\[([^[\]]*)\]\([^()[]*\)/g, "$1")
    .replaceAll(/^#.*$/gm, "")
    .replaceAll(/[`*|]|```\w*|-{3,}/g, "")
    .replaceAll(/\s+/g, " ")
    .trim();
}
