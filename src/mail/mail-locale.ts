// Which language a mail speaks and how it writes amounts and dates. Pure. The environment says the language;
// the customer's country refines how numbers are written, so that a price looks as it does at home.

import { asTime } from "../platform/iso-time.ts";
import { isLocale } from "../platform/locale.ts";
import { type MailWords, wordsIn } from "./mail-words.ts";

export type MailLocale = {
  /** BCP 47: for amounts, and for the language of the page behind the link. */
  amounts: string;
  /** That of the words, with the region: dates must be in the language of the sentence around them. */
  dates: string;
  language: string;
  words: MailWords;
  /** IANA: the environment's, in which a moment is a day. */
  timeZone: string;
};

/**
 * @param setting the environment's `locale`; null or `auto` is English, since a mail has no browser to ask
 * @param timeZone the environment's, IANA
 * @param country the customer's, ISO 3166, two letters
 */
export function mailLocale(setting: string | null, timeZone: string, country: string | null): MailLocale {
  const base = setting === null || setting === "auto" ? "en" : setting;
  const amounts = !base.includes("-") && country !== null ? `${base}-${country}` : base;
  const locale = isLocale(amounts) ? new Intl.Locale(amounts) : new Intl.Locale("en");
  const { language, words } = wordsIn(locale.language);
  const region = locale.region === undefined ? "" : `-${locale.region}`;
  return { amounts: locale.toString(), dates: `${language}${region}`, language, words, timeZone };
}

/** The day of a moment in words, in the environment's time zone: a due date has no hour. */
export function formatDay(ms: number, locale: MailLocale): string {
  const format = new Intl.DateTimeFormat(locale.dates, { dateStyle: "long", timeZone: locale.timeZone });
  const parts = format.formatToParts(asTime(ms));
  return parts.map((part) => (isFirst(part, locale) ? FRENCH_FIRST : part.value)).join("");
}

// The first of a month alone is an ordinal in French, which Intl's patterns leave out.
const FRENCH_FIRST = "1er";

function isFirst({ type, value }: Intl.DateTimeFormatPart, { language }: MailLocale): boolean {
  return language === "fr" && type === "day" && value === "1";
}

/** `in 3 days`, `7 days ago`, in the plural form that the number takes. @param days from now; negative: past */
export function formatDaysFromNow(days: number, locale: MailLocale): string {
  return new Intl.RelativeTimeFormat(locale.dates, { numeric: "always" }).format(days, "day");
}
