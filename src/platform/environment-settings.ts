// The options of an environment, each with its default, its limits and what it does: the request, the answer and
// what is stored are made of this one list. Pure.

import * as z from "zod";
import { originProblem } from "./allowed-origins.ts";
import { senderNameProblem } from "./sender-name.ts";
import { isStatementDescriptor, LOCALES, MOST_CHARACTERS, PAYMENT_METHOD_TYPES } from "./stripe-limits.ts";
import { mailAddressField, textField } from "./text-field.ts";
import { DEFAULT_TIME_ZONE, isTimeZone } from "./time-zone.ts";
import { urlProblem } from "./url-problem.ts";

const ONE_LINE = /^[^\p{Cc}<>"]*$/u;

const MOST_REMINDERS = 5;

function reminderDays(least: number, most: number) {
  const error = `A whole number of days from ${least} to ${most}.`;
  return z
    .array(z.int({ error }).min(least, { error }).max(most, { error }))
    .max(MOST_REMINDERS, { error: `At most ${MOST_REMINDERS}.` })
    .refine((days) => new Set(days).size === days.length, { error: "Name each day once." });
}

export const FIELD_OWNERS = ["latest", "ours", "theirs"] as const;
export type FieldOwner = (typeof FIELD_OWNERS)[number];
const owner = z.enum(FIELD_OWNERS);

export const SETTINGS_FIELDS = {
  // Room is left for the invoice's number.
  success_message: textField(MOST_CHARACTERS.confirmationMessage - 100)
    .min(1)
    .nullable()
    .meta({
      description:
        "What Stripe's page says after a payment; `{number}` becomes the invoice's number. Null: words of ours.",
    }),
  success_redirect_url: textField(MOST_CHARACTERS.redirectUrl)
    .refine((url) => urlProblem(url, "loopback_too") === null, {
      error: ({ input }) => urlProblem(String(input), "loopback_too") ?? undefined,
    })
    .nullable()
    .meta({
      description:
        "Where Stripe sends the payer after a payment, instead of showing `success_message`. `{CHECKOUT_SESSION_ID}` in it is filled in by Stripe.",
    }),
  allowed_origins: z
    .array(
      z
        .string()
        .max(MOST_CHARACTERS.redirectUrl, { error: `At most ${MOST_CHARACTERS.redirectUrl} characters.` })
        .refine((origin) => originProblem(origin) === null, {
          error: ({ input }) => originProblem(String(input)) ?? undefined,
        })
        .overwrite((origin) => (URL.canParse(origin) ? new URL(origin).origin : origin)),
    )
    .min(1, { error: "Name at least one, or send null for any." })
    .max(50, { error: "At most 50." })
    .nullable()
    .meta({
      description:
        "The origins that payers may be sent to: `success_url` and `cancel_url` of checkout sessions, `return_url` of the billing portal, and `success_redirect_url` here. https; in a test environment http on a loopback address too. Null: any.",
      example: ["https://app.example.com"],
    }),
  payment_method_types: z
    .array(
      z
        .string()
        .refine((type) => PAYMENT_METHOD_TYPES.includes(type), {
          error: "Not a payment method type of Stripe, such as card or sepa_debit.",
        })
        .meta({ enum: [...PAYMENT_METHOD_TYPES] }),
    )
    .max(PAYMENT_METHOD_TYPES.length, { error: "Name each one once." })
    .min(1, { error: "Name at least one, or send null for Stripe's own choice." })
    .refine((types) => new Set(types).size === types.length, { error: "Name each one once." })
    .nullable()
    .meta({ description: "Null: what the account's own settings at Stripe allow, chosen for each payer." }),
  allow_promotion_codes: z.boolean().meta({
    description:
      "Lets payers enter promotion codes. What a code takes off counts as settled, and shows as `amount_discounted`.",
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
  statement_descriptor: textField(MOST_CHARACTERS.statementDescriptor)
    .refine(isStatementDescriptor, {
      error: "5 to 22 Latin characters, at least one letter, and none of < > \\ ' \" *.",
    })
    .nullable()
    .meta({
      description:
        "What the payer's statement says. Stripe takes no whole descriptor for cards: where a card may pay, it is sent as the suffix, which follows the account's own prefix.",
    }),
  locale: z
    .string()
    .refine((locale) => LOCALES.includes(locale), { error: "Not a locale of Stripe's pages, such as de." })
    .meta({ enum: [...LOCALES] })
    .nullable()
    .meta({
      description:
        "The language of Stripe's page and of the mails. A payment link has no such parameter: it goes on the URL that is sent. Null: the payer's browser decides.",
    }),
  replace_switched_off_links: z.boolean().meta({
    description:
      "Whether a payment link that somebody switched off at Stripe is made anew while its invoice is open. If not, the invoice has no link, which is told as `invoice.payment_link_missing`.",
  }),
  link_customers_by_email: z.boolean().meta({
    description:
      "Whether a customer of Stripe's that names none of ours is linked to the one with exactly the same mail address, where there is one such customer here and one at Stripe. If not, it becomes a customer of its own.",
  }),
  customer_field_owner: z
    .object({ name: owner, email: owner, phone: owner, address: owner, metadata: owner })
    .meta({
      description:
        "Whose word stands on each field of a customer that is here and at Stripe. `latest`: whichever changed last. `ours`: what is changed at Stripe is not taken over, and is put back where customers are sent there (`sync_config.customer.outbound`). `theirs`: nothing of it is sent to Stripe once the customer is there, and changing it here is refused.",
    }),
  time_zone: z
    .string()
    .max(100)
    .refine(isTimeZone, { error: "Not a time zone of the IANA database, such as Europe/Berlin." })
    .meta({
      description:
        "The time zone in which days and times are shown in mails, exports and the dashboard. The API answers UTC.",
      example: "Europe/Berlin",
    }),
  send_email: z.enum(["always", "when_asked"]).meta({
    description:
      "Whether an invoice that does not say `send_email` is mailed once its link is there, where mails are sent at all and its customer has an address.",
  }),
  reminders: z.strictObject({ before_days: reminderDays(0, 60), after_days: reminderDays(1, 90) }).meta({
    description:
      "On which days before and after the day on which an invoice is due its payer is reminded, at nine in the morning of `time_zone`: of one that is mailed, can be paid and has no payment on its way. 3 days before and 1, 7 and 14 days after are a usual choice; by default there are none.",
    example: { before_days: [3], after_days: [1, 7, 14] },
  }),
  send_receipts: z.boolean().meta({ description: "Whether the customer gets a mail when it is paid." }),
  email_from_name: textField(100)
    .min(1)
    .refine((name) => ONE_LINE.test(name), { error: 'One line, without < > and ".' })
    .refine((name) => senderNameProblem(name) === null, {
      error: ({ input }) => senderNameProblem(String(input)) ?? undefined,
    })
    .nullable()
    .meta({
      description:
        "Whose mails they are. The sender is shown as `name via operator`, since the address is the operator's: its own name, or else its domain.",
    }),
  email_reply_to: mailAddressField.nullable().meta({ description: "Where answers to mails go." }),
};

const settings = z.object(SETTINGS_FIELDS);
export type EnvironmentSettings = z.infer<typeof settings>;

export const DEFAULT_SETTINGS: EnvironmentSettings = {
  success_message: null,
  success_redirect_url: null,
  allowed_origins: null,
  payment_method_types: null,
  allow_promotion_codes: false,
  automatic_tax: false,
  tax_id_collection: false,
  billing_address_collection: "auto",
  customer_creation: "if_required",
  statement_descriptor: null,
  locale: null,
  replace_switched_off_links: false,
  link_customers_by_email: false,
  customer_field_owner: {
    name: "latest",
    email: "latest",
    phone: "latest",
    address: "latest",
    metadata: "latest",
  },
  time_zone: DEFAULT_TIME_ZONE,
  send_email: "always",
  reminders: { before_days: [], after_days: [] },
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
