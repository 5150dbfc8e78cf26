import { describe, expect, test } from "vitest";
import { formatAddress } from "../../src/mail/format-address.ts";
import { formatDay, mailLocale } from "../../src/mail/mail-locale.ts";
import { renderInvoiceMail } from "../../src/mail/render-invoice-mail.ts";
import { renderReceiptMail } from "../../src/mail/render-receipt-mail.ts";
import { mailData } from "./mail-fixture.ts";

const URL_SENT = "https://buy.stripe.com/test_1?prefilled_email=ada%40example.com&client_reference_id=inv_1";

/** Intl's thin and non-breaking spaces as plain ones. */
const plain = (text: string) => text.replace(/[\u00a0\u202f\u2009]/g, " ");

describe("amounts are written as the customer's locale does", () => {
  const cases = [
    ["EUR", 1_234_56, "de-DE", "1.234,56 €"],
    ["USD", 1_234_56, "en-US", "$1,234.56"],
    ["JPY", 1500, "ja-JP", "￥1,500"],
    ["KWD", 10_240, "en-KW", "KWD 10.240"],
    ["EUR", 1_234_56, "fr-FR", "1 234,56 €"],
  ] as const;
  test.each(cases)(
    "%s %i in %s is %s, in the subject and both parts",
    (currency, amountMinor, locale, written) => {
      const lines = [{ description: "Plan", quantity: 1, unitAmountMinor: amountMinor }];
      const data = mailData({
        currency,
        lines,
        amountDueMinor: amountMinor,
        locale: mailLocale(locale, "UTC", null),
      });
      const mail = renderInvoiceMail(data, URL_SENT);
      for (const part of [mail.subject, mail.text, mail.html]) expect(plain(part)).toContain(written);
    },
  );
});

test("the environment's language is refined by the customer's country, and English is the fallback", () => {
  expect(mailLocale("de", "UTC", "AT")).toMatchObject({ amounts: "de-AT", dates: "de-AT", language: "de" });
  expect(mailLocale(null, "UTC", "DE")).toMatchObject({ amounts: "en-DE", language: "en" });
  expect(mailLocale("auto", "UTC", null)).toMatchObject({ amounts: "en", language: "en" });
  expect(mailLocale("pt-BR", "UTC", "DE")).toMatchObject({
    amounts: "pt-BR",
    dates: "en-BR",
    language: "en",
  });
  expect(mailLocale("not a locale", "UTC", null)).toMatchObject({ amounts: "en" });
});

test("a moment is a day in the environment's time zone: the due date, and when it was paid", () => {
  // As a platform in Berlin gives the first of December.
  const dueAtMs = Date.parse("2026-12-01T00:00:00+01:00");
  for (const [zone, day] of [
    ["UTC", "November 30, 2026"],
    ["Europe/Berlin", "December 1, 2026"],
    ["America/New_York", "November 30, 2026"],
  ] as const) {
    const data = mailData({ locale: mailLocale("en", zone, "US"), dueAtMs, paidAtMs: dueAtMs });
    for (const mail of [renderInvoiceMail(data, URL_SENT), renderReceiptMail(data)])
      for (const part of [mail.text, mail.html]) expect(part).toContain(day);
  }
});

test("a due date is its day in UTC, in the language of the mail", () => {
  const locale = mailLocale("de", "UTC", null);
  expect(formatDay(Date.UTC(2026, 11, 1), locale)).toBe("1. Dezember 2026");
  const mail = renderInvoiceMail(mailData({ locale, dueAtMs: Date.UTC(2026, 11, 1, 23, 59) }), URL_SENT);
  expect(mail.text).toContain("Fällig am 1. Dezember 2026");
  expect(mail.html).toContain("Fällig am 1. Dezember 2026");
});

test("every line is in both parts, also where the payment link shows them as one", () => {
  const lines = Array.from({ length: 60 }, (_, index) => ({
    description: `Seat <${index}>`,
    quantity: index + 1,
    unitAmountMinor: index === 59 ? -100 : 250,
  }));
  const amountDueMinor = lines.reduce((sum, line) => sum + line.quantity * line.unitAmountMinor, 0);
  const mail = renderInvoiceMail(mailData({ lines, amountDueMinor }), URL_SENT);
  for (let index = 0; index < 60; index++) {
    expect(mail.text).toContain(`- Seat <${index}>\n`);
    expect(mail.html).toContain(`>Seat &lt;${index}&gt;<`);
  }
  expect(mail.text).toContain("12 × €2.50 = €30.00");
  expect(mail.text).toContain("60 × -€1.00 = -€60.00");
  expect(mail.html).toContain("60 × -€1.00");
});

test("an invoice paid in part asks for what is left and says what came", () => {
  const mail = renderInvoiceMail(mailData({ amountPaidMinor: 2900 }), URL_SENT);
  expect(mail.subject).toBe("Invoice INV-7 from Acme: €100.00");
  expect(mail.text).toContain("Already paid: €29.00\nStill due: €100.00");
  expect(mail.html).toContain("Pay €100.00");
});

describe("what comes from elsewhere is harmless", () => {
  const evil = `Eve"><script>alert(1)</script><img src=x onerror=alert(1)>\r\nBcc: victim@example.com\u2028\u202e&amp;'`;
  const data = mailData({
    number: evil,
    customerName: evil,
    sellerName: evil,
    memo: `${evil}\n\n\n\nsecond line`,
    lines: [{ description: evil, quantity: 2, unitAmountMinor: 100 }],
    amountDueMinor: 200,
    amountPaidMinor: 200,
    paidAtMs: 0,
    livemode: false,
    answersAreRead: true,
  });
  const mails = {
    invoice: renderInvoiceMail(data, `https://buy.stripe.com/1?prefilled_email="><script>`),
    receipt: renderReceiptMail(data),
  };
  test.each(Object.entries(mails))("in the HTML of the %s, markup is text", (_, mail) => {
    expect(mail.html).not.toMatch(/<script|<img|onerror=alert\(1\)>/);
    expect(mail.html).toContain("Eve&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;");
    expect(mail.html).toContain("&amp;amp;&#39;");
    // No address but the link's, and nothing that is fetched.
    expect(mail.html).not.toMatch(/<[^>]*\s(?:src|background)=|url\(|@import/);
    const hrefs = [...mail.html.matchAll(/href="([^"]*)"/g)].map(([, href]) => href);
    for (const href of hrefs) expect(href).toMatch(/^https:\/\/buy\.stripe\.com\/1\?prefilled_email=&quot;/);
  });
  test.each(Object.entries(mails))(
    "in the subject of the %s there is no line break to begin a header with",
    (_, mail) => {
      expect(mail.subject).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e]/u);
      expect(Array.from(mail.subject).length).toBeLessThanOrEqual(150);
    },
  );
  test.each(Object.entries(mails))("in the text of the %s no name begins a line of its own", (_, mail) => {
    const lines = mail.text.split("\n");
    expect(lines.filter((line) => line.startsWith("Bcc:"))).toEqual([]);
    expect(mail.text.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e]/u);
    expect(lines).toContain("  second line");
  });
  test("in a sender's name nothing ends the name", () => {
    const from = formatAddress({ email: "billing@acme.example", name: `${evil}" <x@evil.example>` });
    expect(from).toMatch(/^"[^"\\<>\r\n]*" <billing@acme\.example>$/);
    expect(formatAddress({ email: "billing@acme.example", name: null })).toBe("billing@acme.example");
  });
});

test("test mode says so, live mode does not", () => {
  expect(renderInvoiceMail(mailData({ livemode: false }), URL_SENT).text).toContain(
    "Test mode: no real money moves.",
  );
  const live = renderInvoiceMail(mailData(), URL_SENT);
  expect(live.text + live.html).not.toContain("Test mode");
});

test("a receipt says what was paid and when, and has no button", () => {
  const data = mailData({ amountPaidMinor: 12900, paidAtMs: Date.UTC(2026, 10, 21) });
  const mail = renderReceiptMail(data);
  expect(mail.subject).toBe("Receipt for invoice INV-7 from Acme");
  expect(mail.text).toContain("Amount paid: €129.00\nPaid on November 21, 2026");
  expect(mail.html).not.toContain("<a ");
});
