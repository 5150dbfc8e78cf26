// What a page behind a payment URL says, in words. Pure. It holds what a payer needs to know the invoice by and to keep
// as a receipt, and nothing of the customer.

import type { PaymentPage } from "../ledger/invoices/find-payment-page.ts";
import { formatDay, type MailLocale } from "../mail/mail-locale.ts";
import { oneLine } from "../mail/plain-text.ts";
import { remainingMinor } from "../platform/invoice-remaining.ts";
import { formatForDisplay } from "../platform/money.ts";
import { isWebAddress } from "../platform/web-address.ts";
import type { PageState } from "./page-state.ts";
import { type PageName, type PageWords, pageWordsIn } from "./page-words.ts";

export type PageContent = {
  language: string;
  tone: PageTone;
  heading: string;
  text: string;
  /** Whose page it is; null where none is to be known. */
  seller: string | null;
  amount: { name: string; value: string; day: string | null } | null;
  facts: PageFact[];
  acts: PageAct[];
  /** Below the page. */
  footnote: string | null;
  /** When it looks again by itself; null: it does not. */
  refreshSeconds: number | null;
};

export type PageTone = "good" | "wait" | "warn" | "idle";
export type PageFact = readonly [name: string, value: string];
export type PageAct = { words: string; href: string; isFirst: boolean; note: string | null };

/** @param told.contact where questions go; null: nobody has said */
export function invoiceContent(
  page: PaymentPage,
  state: Exclude<PageState, { name: "to_link" }>,
  told: { seller: string; contact: string | null; locale: MailLocale },
): PageContent {
  const { seller, locale } = told;
  const words = pageWordsIn(locale.language);
  const [heading, text] = words.says[state.name];
  const refreshSeconds = state.name === "making_link" ? state.refreshSeconds : null;
  const takesLong = state.name === "making_link" && refreshSeconds === null;
  return {
    language: locale.language,
    tone: takesLong ? "warn" : TONES[state.name],
    heading,
    text: takesLong ? words.takesLong(seller) : text(seller),
    seller,
    amount: mainAmount(page, state.name, locale),
    facts: factsOf(page, locale),
    acts: [...payingActs(page, state, words, told), ...helpingActs(state, takesLong, words, told.contact)],
    footnote: page.livemode ? null : locale.words.testMode,
    refreshSeconds,
  };
}

/** Where no invoice is shown. */
export function bareContent(name: "unknown" | "too_often" | "broken", language: string): PageContent {
  const words = pageWordsIn(language);
  const [heading, text] = words.says[name];
  const tone = TONES[name];
  const acts = name === "unknown" ? [] : [retry(words)];
  const none = { seller: null, amount: null, facts: [], footnote: null, refreshSeconds: null };
  return { language, tone, heading, text: text(""), acts, ...none };
}

const TONES: Record<PageName, PageTone> = {
  making_link: "wait",
  processing: "wait",
  partly_paid: "good",
  paid: "good",
  overpaid: "good",
  partly_refunded: "good",
  refunded: "idle",
  disputed: "warn",
  void: "idle",
  uncollectible: "idle",
  no_link: "warn",
  unavailable: "warn",
  unknown: "idle",
  too_often: "warn",
  broken: "warn",
};

/** The one that stands large: what was paid, or what is left to pay; null where neither is the point. */
function mainAmount({ invoice }: PaymentPage, page: PageName, locale: MailLocale): PageContent["amount"] {
  const { words } = locale;
  const { status, paidAtMs, dueAtMs } = invoice;
  if (status !== "paid" && status !== "open") return null;
  if (status === "paid") {
    const day = paidAtMs === null ? null : words.paidOn(formatDay(paidAtMs, locale));
    return { name: words.amountPaid, value: amountText(invoice.amountPaidMinor, invoice, locale), day };
  }
  const value = amountText(remainingMinor(invoice), invoice, locale);
  // What is on its way is not asked for once more.
  if (page === "processing") return { name: words.amount, value, day: null };
  const name = invoice.amountCreditedMinor > 0 ? words.remaining : words.amountDue;
  return { name, value, day: dueAtMs === null ? null : words.dueBy(formatDay(dueAtMs, locale)) };
}

/** What the large amount does not say already. */
function factsOf({ invoice }: PaymentPage, locale: MailLocale): PageFact[] {
  const { words, language } = locale;
  const { status, amountDueMinor: due, amountPaidMinor: paid, amountRefundedMinor: refunded } = invoice;
  const large = status === "paid" ? paid : status === "open" ? remainingMinor(invoice) : null;
  const off = invoice.amountDiscountedMinor;
  const amount = (minor: number) => amountText(minor, invoice, locale);
  const facts: (PageFact | false)[] = [
    [words.invoice, oneLine(invoice.number)],
    due !== large && [words.total, amount(due)],
    off > 0 && [words.discount, amount(-off)],
    paid > 0 && status !== "paid" && [words.amountPaid, amount(paid)],
    refunded > 0 && [pageWordsIn(language).refunded, amount(refunded)],
  ];
  return facts.filter((fact) => fact !== false);
}

function amountText(minor: number, { currency }: PaymentPage["invoice"], { amounts }: MailLocale): string {
  return formatForDisplay(minor, currency, amounts);
}

function payingActs(
  page: PaymentPage,
  state: Exclude<PageState, { name: "to_link" }>,
  words: PageWords,
  { seller, locale }: { seller: string; locale: MailLocale },
): PageAct[] {
  if (state.name === "partly_paid") {
    const amount = amountText(remainingMinor(page.invoice), page.invoice, locale);
    return [{ words: locale.words.pay(amount), href: state.url, isFirst: true, note: null }];
  }
  if (state.name === "processing" && state.url !== null) {
    const note = words.payAnew(seller);
    return [{ words: words.payAnewButton, href: state.url, isFirst: false, note }];
  }
  const { invoice, receiptUrl } = page;
  if (invoice.status !== "paid" || receiptUrl === null || !isWebAddress(receiptUrl)) return [];
  return [{ words: words.receiptButton, href: receiptUrl, isFirst: state.name === "paid", note: null }];
}

const TO_ASK_ABOUT: ReadonlySet<PageName> = new Set([
  "overpaid",
  "disputed",
  "void",
  "uncollectible",
  "no_link",
  "unavailable",
]);

function helpingActs(
  { name }: Exclude<PageState, { name: "to_link" }>,
  takesLong: boolean,
  words: PageWords,
  contact: string | null,
): PageAct[] {
  const again = takesLong || name === "unavailable" ? [retry(words)] : [];
  if (contact === null || !(takesLong || TO_ASK_ABOUT.has(name))) return again;
  const href = `mailto:${encodeURIComponent(contact).replace("%40", "@")}`;
  return [...again, { words: words.writeTo(contact), href, isFirst: false, note: null }];
}

/** The same address again. */
function retry(words: PageWords): PageAct {
  return { words: words.retryButton, href: "", isFirst: true, note: null };
}
