// The language of a page that payers see: the environment's, else what their browser asks for. Pure.

import { isLocale } from "../platform/locale.ts";
import { isPageLanguage } from "./page-words.ts";

// Longer ones are no browser's.
const MOST_CHARACTERS = 200;

/**
 * @param setting the environment's `locale`; null or `auto`: the browser decides
 * @param acceptLanguage the header as it came
 * @returns BCP 47
 */
export function chooseLocale(setting: string | null, acceptLanguage: string | undefined): string {
  if (setting !== null && setting !== "auto") return setting;
  const asked = (acceptLanguage ?? "").slice(0, MOST_CHARACTERS).split(",").map(readRange);
  const wanted = asked.filter(({ tag, weight }) => weight > 0 && isLocale(tag) && isSpoken(tag));
  // Of equal weight the first: sorting keeps their order.
  return wanted.sort((one, other) => other.weight - one.weight)[0]?.tag ?? "en";
}

/** `de-AT;q=0.8` (https://www.rfc-editor.org/rfc/rfc9110#name-accept-language). */
function readRange(range: string): { tag: string; weight: number } {
  const [tag = "", ...parameters] = range.split(";").map((part) => part.trim());
  const quality = parameters.find((parameter) => parameter.startsWith("q="));
  const weight = quality === undefined ? 1 : Number(quality.slice(2));
  return { tag, weight: Number.isFinite(weight) ? weight : 0 };
}

function isSpoken(tag: string): boolean {
  return isPageLanguage(new Intl.Locale(tag).language);
}
