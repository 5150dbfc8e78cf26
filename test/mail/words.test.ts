// The mails in each language that we have words of: its own forms of dates, numbers, amounts and sentences.

import { describe, expect, test } from "vitest";
import { formatDay, formatDaysFromNow, mailLocale } from "../../src/mail/mail-locale.ts";
import { renderInvoiceMail } from "../../src/mail/render-invoice-mail.ts";
import { renderReceiptMail } from "../../src/mail/render-receipt-mail.ts";
import { mailData } from "./mail-fixture.ts";

const DUE = Date.UTC(2026, 11, 1, 12);
const URL_SENT = "https://buy.stripe.com/test_1";
/** Intl's thin and no-break spaces as plain ones. */
const plain = (text: string) => text.replace(/[\u00a0\u202f\u2009]/g, " ");

const lines = [{ description: "Seats", quantity: 1200, unitAmountMinor: 1050 }];
const dataIn = (locale: string, more = {}) =>
  mailData({
    ...{
      locale: mailLocale(locale, "UTC", null),
      lines,
      amountDueMinor: 1_260_000,
      dueAtMs: DUE,
      number: "7",
    },
    ...{ memo: "Merci", ...more },
  });

describe("an invoice's text", () => {
  const texts: Record<string, string[]> = {
    en: [
      "Hello Ada Lovelace,",
      "Amount due: €12,600.00",
      "Due by December 1, 2026",
      "1,200 × €10.50 = €12,600.00",
      "Total: €12,600.00",
      "Note:",
    ],
    "en-GB": ["Due by 1 December 2026"],
    de: [
      "Guten Tag Ada Lovelace,",
      "Zu zahlen: 12.600,00 €",
      "Fällig am 1. Dezember 2026",
      "1.200 × 10,50 € = 12.600,00 €",
      "Summe: 12.600,00 €",
      "Hinweis:",
    ],
    fr: [
      "Bonjour Ada Lovelace,",
      "Montant à payer : 12 600,00 €",
      "À payer au plus tard le 1er décembre 2026",
      "1 200 × 10,50 € = 12 600,00 €",
      "Total : 12 600,00 €",
      "Remarque :",
    ],
    es: [
      "Hola, Ada Lovelace:",
      "Importe a pagar: 12.600,00 €",
      "Vence el 1 de diciembre de 2026",
      "1200 × 10,50 € = 12.600,00 €",
      "Total: 12.600,00 €",
      "Nota:",
    ],
  };
  test.each(Object.entries(texts))("in %s", (locale, said) => {
    const mail = renderInvoiceMail(dataIn(locale), URL_SENT);
    const text = plain(mail.text)
      .split("\n")
      .map((line) => line.trim());
    for (const line of said) expect(text).toContain(line);
    expect(mail.html).toContain(`<html lang="${locale.slice(0, 2)}">`);
  });
});

test("the first of a month is an ordinal in French, and the other days are none", () => {
  const fr = mailLocale("fr", "Europe/Paris", null);
  expect(formatDay(DUE, fr)).toBe("1er décembre 2026");
  expect(formatDay(Date.UTC(2026, 11, 11), fr)).toBe("11 décembre 2026");
  expect(formatDay(DUE, mailLocale("de", "UTC", null))).toBe("1. Dezember 2026");
});

describe("a reminder", () => {
  const cases: [locale: string, days: number, subject: string, sentence: string][] = [
    [
      "en",
      1,
      "Reminder: invoice 7 from Acme, €12,600.00",
      "This is a reminder that your invoice is due in 1 day, on December 1, 2026.",
    ],
    [
      "en",
      3,
      "Reminder: invoice 7 from Acme, €12,600.00",
      "This is a reminder that your invoice is due in 3 days, on December 1, 2026.",
    ],
    [
      "en",
      0,
      "Reminder: invoice 7 from Acme, €12,600.00",
      "This is a reminder that your invoice is due today, December 1, 2026.",
    ],
    [
      "en",
      -1,
      "Overdue: invoice 7 from Acme, €12,600.00",
      "Your invoice was due on December 1, 2026, 1 day ago, and is still open.",
    ],
    [
      "de",
      1,
      "Zahlungserinnerung: Rechnung 7 von Acme, 12.600,00 €",
      "Ihre Rechnung ist in 1 Tag fällig, am 1. Dezember 2026.",
    ],
    [
      "de",
      3,
      "Zahlungserinnerung: Rechnung 7 von Acme, 12.600,00 €",
      "Ihre Rechnung ist in 3 Tagen fällig, am 1. Dezember 2026.",
    ],
    [
      "de",
      0,
      "Zahlungserinnerung: Rechnung 7 von Acme, 12.600,00 €",
      "Ihre Rechnung ist heute fällig, am 1. Dezember 2026.",
    ],
    [
      "de",
      -7,
      "Überfällig: Rechnung 7 von Acme, 12.600,00 €",
      "Ihre Rechnung war vor 7 Tagen fällig, am 1. Dezember 2026, und ist noch offen.",
    ],
    [
      "fr",
      1,
      "Rappel : facture 7 d’Acme, 12 600,00 €",
      "Votre facture arrive à échéance dans 1 jour, le 1er décembre 2026.",
    ],
    [
      "fr",
      3,
      "Rappel : facture 7 d’Acme, 12 600,00 €",
      "Votre facture arrive à échéance dans 3 jours, le 1er décembre 2026.",
    ],
    [
      "fr",
      -7,
      "En retard : facture 7 d’Acme, 12 600,00 €",
      "Votre facture est arrivée à échéance il y a 7 jours, le 1er décembre 2026, et reste à payer.",
    ],
    [
      "es",
      1,
      "Recordatorio: factura 7 de Acme, 12.600,00 €",
      "Le recordamos que su factura vence dentro de 1 día, el 1 de diciembre de 2026.",
    ],
    [
      "es",
      -7,
      "Vencida: factura 7 de Acme, 12.600,00 €",
      "Su factura venció hace 7 días, el 1 de diciembre de 2026, y sigue pendiente.",
    ],
  ];
  test.each(cases)("in %s, %i days before its day", (locale, dueInDays, subject, sentence) => {
    const mail = renderInvoiceMail(dataIn(locale, { dueInDays }), URL_SENT);
    expect(plain(mail.subject)).toBe(subject);
    for (const part of [mail.text, mail.html]) expect(plain(part)).toContain(sentence);
    // Who has paid already is asked for pardon only once it is late.
    const { paidMeanwhile } = mailLocale(locale, "UTC", null).words;
    expect(mail.text.includes(paidMeanwhile)).toBe(dueInDays < 0);
  });

  test("without a due date, as when it was taken away since, is the invoice's own mail", () => {
    const mail = renderInvoiceMail(dataIn("en", { dueAtMs: null, dueInDays: null }), URL_SENT);
    expect(mail.subject).toBe("Invoice 7 from Acme: €12,600.00");
  });
});

test.each([
  [null, "Facture 7 : 12 600,00 €"],
  ["Acme", "Facture 7 d’Acme : 12 600,00 €"],
  ["Écoles réunies", "Facture 7 d’Écoles réunies : 12 600,00 €"],
  ["Bolt", "Facture 7 de Bolt : 12 600,00 €"],
  ["Hertz", "Facture 7 de Hertz : 12 600,00 €"],
])("in French the seller '%s' is named with the word that it takes", (sellerName, subject) => {
  expect(plain(renderInvoiceMail(dataIn("fr", { sellerName }), URL_SENT).subject)).toBe(subject);
});

test("days take the plural form of their language", () => {
  const daysIn = (locale: string) =>
    [1, 2, -1, -5].map((days) => formatDaysFromNow(days, mailLocale(locale, "UTC", null)));
  expect(daysIn("en")).toEqual(["in 1 day", "in 2 days", "1 day ago", "5 days ago"]);
  expect(daysIn("de")).toEqual(["in 1 Tag", "in 2 Tagen", "vor 1 Tag", "vor 5 Tagen"]);
  expect(daysIn("fr")).toEqual(["dans 1 jour", "dans 2 jours", "il y a 1 jour", "il y a 5 jours"]);
  expect(daysIn("es")).toEqual(["dentro de 1 día", "dentro de 2 días", "hace 1 día", "hace 5 días"]);
});

test("after a German salutation a sentence goes on in lower case, and elsewhere it begins", () => {
  const receiptIn = (locale: string) =>
    renderReceiptMail(dataIn(locale, { amountPaidMinor: 1_260_000, paidAtMs: DUE })).text;
  expect(receiptIn("de")).toContain("Guten Tag Ada Lovelace,\n\nvielen Dank. Ihre Zahlung ist eingegangen.");
  expect(receiptIn("en")).toContain("Hello Ada Lovelace,\n\nThank you.");
  expect(receiptIn("fr")).toContain("Bonjour Ada Lovelace,\n\nMerci.");
  expect(receiptIn("es")).toContain("Hola, Ada Lovelace:\n\nGracias.");
});

test.each([
  // The last moment of a day, the first of the next, and where a day is never the same everywhere.
  ["2026-12-01T22:59:59Z", "Europe/Berlin", "December 1, 2026"],
  ["2026-12-01T23:00:00Z", "Europe/Berlin", "December 2, 2026"],
  ["2026-12-02T04:59:59Z", "America/New_York", "December 1, 2026"],
  ["2026-12-02T05:00:00Z", "America/New_York", "December 2, 2026"],
  ["2026-12-01T10:00:00Z", "Pacific/Kiritimati", "December 2, 2026"],
  ["2026-12-01T11:59:59Z", "Pacific/Pago_Pago", "December 1, 2026"],
  ["2026-12-01T10:59:59Z", "Pacific/Pago_Pago", "November 30, 2026"],
  // On both sides of the hours at which clocks are set.
  ["2026-03-28T23:30:00Z", "Europe/Berlin", "March 29, 2026"],
  ["2026-10-25T22:59:59Z", "Europe/Berlin", "October 25, 2026"],
  ["2026-10-25T23:00:00Z", "Europe/Berlin", "October 26, 2026"],
])("due at %s is, in %s, due by %s", (moment, zone, day) => {
  const data = mailData({ locale: mailLocale("en", zone, null), dueAtMs: Date.parse(moment) });
  const mail = renderInvoiceMail(data, URL_SENT);
  for (const part of [mail.text, mail.html]) expect(part).toContain(`Due by ${day}`);
});
