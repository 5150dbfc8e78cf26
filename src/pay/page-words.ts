// The words of the pages behind payment URLs, by language: those of the mails. Pure. Each says how things stand and,
// where there is anything to do, what.

import type { PageState } from "./page-state.ts";
import { de } from "./words/de.ts";
import { en } from "./words/en.ts";
import { es } from "./words/es.ts";
import { fr } from "./words/fr.ts";

/** What a page may say: how an invoice stands, or why none is shown. */
export type PageName = Exclude<PageState["name"], "to_link"> | "unknown" | "too_often" | "broken";

export type PageWords = {
  /** A heading and a sentence or two, for each. */
  says: Record<PageName, readonly [heading: string, text: (seller: string) => string]>;
  /** In place of the sentence of `making_link`, once it has taken long. */
  takesLong: (seller: string) => string;
  /** Beside a second way to pay. */
  payAnew: (seller: string) => string;
  payAnewButton: string;
  receiptButton: string;
  writeTo: (address: string) => string;
  retryButton: string;
  refunded: string;
};

const LANGUAGES: Record<string, PageWords> = { en, de, fr, es };

/** @param language such as `de`; English where we have no words of it */
export function pageWordsIn(language: string): PageWords {
  return LANGUAGES[language] ?? en;
}

/** Whether there are words of it. */
export function isPageLanguage(language: string): boolean {
  return Object.hasOwn(LANGUAGES, language);
}
