// The options of an environment, each with its default, its limits and what it does: the request, the answer and
// what is stored are made of this one list. Pure.

import * as z from "zod";

// As stripe 23.1 lists them (PaymentLinkCreateParams.PaymentMethodType): a typing error is refused here, and
// not by a link that fails. Which of them an account may use is Stripe's to say.
const PAYMENT_METHOD_TYPES = (
  "affirm afterpay_clearpay alipay alma au_becs_debit bacs_debit bancontact billie bizum blik boleto card " +
  "cashapp eps fpx giropay grabpay ideal klarna konbini link mb_way mobilepay multibanco oxxo p24 pay_by_bank " +
  "paynow paypal paypay payto pix promptpay satispay scalapay sepa_debit sequra sofort sunbit swish twint upi " +
  "us_bank_account wechat_pay zip"
).split(" ");

// As stripe 23.1 lists them (Checkout.SessionCreateParams.Locale).
const LOCALES = (
  "auto bg cs da de el en en-GB es es-419 et fi fil fr fr-CA hi-IN hr hu id it ja ko lt lv ms mt nb nl pl pt " +
  "pt-BR ro ru sk sl sv th tr vi zh zh-HK zh-TW"
).split(" ");

// https://docs.stripe.com/get-started/account/statement-descriptors
const STATEMENT_DESCRIPTOR = /^(?=.*[A-Za-z])[^<>\\'"*]{5,22}$/;
const LATIN = /^[\x20-\x7e]*$/;
const ONE_LINE = /^[^\p{Cc}<>"]*$/u;

export const SETTINGS_FIELDS = {
  success_message: z.string().trim().min(1).max(400, { error: "At most 400 characters." }).nullable().meta({
    description:
      "What Stripe's page says after a payment; `{number}` becomes the invoice's number. Null: words of ours.",
  }),
  success_redirect_url: z
    .url({ protocol: /^https?$/, error: "Give a URL that begins with https://." })
    .max(2048)
    .refine(isSafeRedirect, { error: "Give a URL that begins with https:// and holds no user name." })
    .nullable()
    .meta({
      description:
        "Where Stripe sends the payer after a payment, instead of showing `success_message`. `{CHECKOUT_SESSION_ID}` in it is filled in by Stripe.",
    }),
  payment_method_types: z
    .array(
      z.string().refine((type) => PAYMENT_METHOD_TYPES.includes(type), {
        error: "Not a payment method type of Stripe, such as card or sepa_debit.",
      }),
    )
    .min(1, { error: "Name at least one, or send null for Stripe's own choice." })
    .refine((types) => new Set(types).size === types.length, { error: "Name each one once." })
    .nullable()
    .meta({ description: "Null: what the account's own settings at Stripe allow, chosen for each payer." }),
  allow_promotion_codes: z.boolean().meta({
    description:
      "Lets payers enter promotion codes. What a code takes off is not paid: the invoice is then partially_paid.",
  }),
  automatic_tax: z.boolean().meta({
    description:
      "Lets Stripe Tax work out the tax. Amounts are taken as including it, so that what is paid is what is due.",
  }),
  tax_id_collection: z.boolean().meta({ description: "Asks business payers for their tax id." }),
  billing_address_collection: z.enum(["auto", "required"]),
  customer_creation: z.enum(["if_required", "always"]).meta({
    description:
      "Whether Stripe makes a customer of its own for each payment (`always`) or only when it must.",
  }),
  statement_descriptor: z
    .string()
    .trim()
    .regex(STATEMENT_DESCRIPTOR, {
      error: "5 to 22 characters, at least one letter, and none of < > \\ ' \" *.",
    })
    .regex(LATIN, { error: "Only Latin characters." })
    .nullable()
    .meta({
      description:
        "What the payer's statement says. Stripe takes no whole descriptor for cards: where a card may pay, it is sent as the suffix, which follows the account's own prefix.",
    }),
  locale: z
    .string()
    .refine((locale) => LOCALES.includes(locale), { error: "Not a locale of Stripe's pages, such as de." })
    .nullable()
    .meta({
      description:
        "The language of Stripe's page and of the mails. A payment link has no such parameter: it goes on the URL that is sent. Null: the payer's browser decides.",
    }),
  send_email: z.enum(["always", "when_asked"]).meta({
    description: "Whether an invoice that does not say `send_email` is mailed once its link is there.",
  }),
  send_receipts: z.boolean().meta({ description: "Whether the customer gets a mail when it is paid." }),
  email_from_name: z
    .string()
    .trim()
    .min(1)
    .max(100)
    .refine((name) => ONE_LINE.test(name), { error: 'One line, without < > and ".' })
    .nullable()
    .meta({ description: "The sender's name on mails." }),
  email_reply_to: z.email().max(254).nullable().meta({ description: "Where answers to mails go." }),
};

const settings = z.object(SETTINGS_FIELDS);
export type EnvironmentSettings = z.infer<typeof settings>;

export const DEFAULT_SETTINGS: EnvironmentSettings = {
  success_message: null,
  success_redirect_url: null,
  payment_method_types: null,
  allow_promotion_codes: false,
  automatic_tax: false,
  tax_id_collection: false,
  billing_address_collection: "auto",
  customer_creation: "if_required",
  statement_descriptor: null,
  locale: null,
  send_email: "when_asked",
  send_receipts: false,
  email_from_name: null,
  email_reply_to: null,
};

/** What is stored over the defaults. A value that this version no longer takes is passed over: work goes on. */
export function readStored(stored: Record<string, unknown>): EnvironmentSettings {
  const fitting = Object.entries(SETTINGS_FIELDS).flatMap(([name, field]) => {
    const parsed = field.safeParse(stored[name]);
    return parsed.success ? [[name, parsed.data]] : [];
  });
  return settings.parse({ ...DEFAULT_SETTINGS, ...Object.fromEntries(fitting) });
}

// A payer who has just given card data is sent there: in clear only to the developer's own machine.
function isSafeRedirect(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const url = new URL(text);
  const local = url.hostname === "localhost" || url.hostname === "127.0.0.1";
  return url.username === "" && url.password === "" && (url.protocol === "https:" || local);
}
