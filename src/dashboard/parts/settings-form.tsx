// The form of the environment's options, in the order in which somebody meets what they do.

import type { Child, PropsWithChildren } from "hono/jsx";
import type { AppError } from "../../platform/app-error.ts";
import { LOCALES } from "../../platform/stripe-limits.ts";
import { newFormToken } from "../act.ts";
import { CUSTOMER_FIELDS, type SettingsFields } from "../settings-form.ts";
import { CheckField, SelectField, TextAreaField, TextField } from "./field.tsx";
import { Panel } from "./panel.tsx";

type Props = { fields: SettingsFields; problem: AppError | null };

const OWNERS = [
  ["latest", "Whichever changed last"],
  ["ours", "What is here"],
  ["theirs", "What is at Stripe"],
] as const;
const LANGUAGES = [
  ["", "The payer's browser decides"],
  ...LOCALES.map((one) => [one, one] as const),
] as const;

export function SettingsForm(props: Props & { action: string; mayChange: boolean }) {
  const { action, mayChange } = props;
  return (
    <form method="post" action={action}>
      <input type="hidden" name="token" value={newFormToken()} />
      <fieldset class="bare-set" disabled={!mayChange}>
        <PaymentPage {...props} />
        <Mails {...props} />
        <Customers {...props} />
        <General {...props} />
      </fieldset>
      {mayChange ? (
        <div class="actions save">
          <button class="primary" type="submit">
            Save
          </button>
        </div>
      ) : null}
    </form>
  );
}

function Group({ title, children }: PropsWithChildren<{ title: string }>): Child {
  return (
    <Panel title={title}>
      <div class="pad fields">{children}</div>
    </Panel>
  );
}

function PaymentPage({ fields, problem }: Props) {
  return (
    <Group title="Payment page">
      <TextAreaField
        name="success_message"
        label="Message after the payment"
        help="{number} becomes the invoice's number. Left empty: words of ours."
        value={fields.success_message}
        problem={problem}
      />
      <TextField
        name="success_redirect_url"
        label="Send the payer on to"
        help="Instead of the message. {CHECKOUT_SESSION_ID} in it is filled in by Stripe."
        value={fields.success_redirect_url}
        problem={problem}
        placeholder="https://app.example.com/thanks"
      />
      <TextField
        name="statement_descriptor"
        label="On the payer's statement"
        help="5 to 22 Latin characters. For cards it follows the account's own prefix."
        value={fields.statement_descriptor}
        problem={problem}
      />
      <TextField
        name="payment_method_types"
        label="Payment methods"
        help="Such as card, sepa_debit. Left empty: what the account allows, chosen by Stripe for each payer."
        value={fields.payment_method_types}
        problem={problem}
      />
      <SelectField
        name="locale"
        label="Language of page and emails"
        help="On the page it goes on the payment link's address; an email has no browser, and is in English then."
        value={fields.locale}
        options={LANGUAGES}
        problem={problem}
      />
      <SelectField
        name="billing_address_collection"
        label="Billing address"
        help="Some payment methods and Stripe Tax need one."
        value={fields.billing_address_collection}
        options={[
          ["auto", "Asked for when needed"],
          ["required", "Always asked for"],
        ]}
        problem={problem}
      />
      <SelectField
        name="customer_creation"
        label="Customer at Stripe for each payment"
        help="Always: each payment makes one in your Stripe account."
        value={fields.customer_creation}
        options={[
          ["if_required", "Only when Stripe must"],
          ["always", "Always"],
        ]}
        problem={problem}
      />
      <Check name="allow_promotion_codes" label="Take promotion codes" fields={fields} problem={problem}>
        What a code takes off counts as settled.
      </Check>
      <Check name="automatic_tax" label="Let Stripe Tax work out the tax" fields={fields} problem={problem}>
        Amounts are taken as including it: what is paid is what is due.
      </Check>
      <Check
        name="tax_id_collection"
        label="Ask businesses for their tax id"
        fields={fields}
        problem={problem}
      >
        A field on the payment page, for payers who buy as a business.
      </Check>
      <Check
        name="replace_switched_off_links"
        label="Make a link anew that was switched off at Stripe"
        fields={fields}
        problem={problem}
      >
        While its invoice is open. Otherwise the invoice has no link, and that is told.
      </Check>
    </Group>
  );
}

function Mails({ fields, problem }: Props) {
  return (
    <Group title="Emails">
      <SelectField
        name="send_email"
        label="Email an invoice with its link"
        help="Once the link is made, where the customer has an address."
        value={fields.send_email}
        options={[
          ["always", "Unless the invoice says no"],
          ["when_asked", "Only when the invoice asks for it"],
        ]}
        problem={problem}
      />
      <TextField
        name="before_days"
        label="Remind before it is due"
        help="Days, such as 3. Left empty: not at all."
        value={fields.before_days}
        problem={problem}
      />
      <TextField
        name="after_days"
        label="Remind after it is due"
        help="Days, such as 1, 7, 14: at nine in the morning."
        value={fields.after_days}
        problem={problem}
      />
      <Check name="send_receipts" label="Email a receipt when it is paid" fields={fields} problem={problem}>
        From us, beside whatever Stripe sends of its own.
      </Check>
      <TextField
        name="email_from_name"
        label="Sender's name"
        help="Your business: the operator's name follows it."
        value={fields.email_from_name}
        problem={problem}
        maxlength={100}
      />
      <TextField
        name="email_reply_to"
        label="Answers go to"
        help="Left empty: the operator's address."
        type="email"
        value={fields.email_reply_to}
        problem={problem}
        placeholder="billing@example.com"
      />
    </Group>
  );
}

function Customers({ fields, problem }: Props) {
  return (
    <Group title="Customers">
      <Check
        name="link_customers_by_email"
        label="Link Stripe's customers by their email address"
        fields={fields}
        problem={problem}
      >
        Where exactly one here and one at Stripe have it. Otherwise it becomes a customer of its own.
      </Check>
      {CUSTOMER_FIELDS.map((field) => (
        <SelectField
          name={`owner_${field}`}
          label={`Whose ${field} stands`}
          help={field === "name" ? "Where a customer is here and at Stripe and the two differ." : undefined}
          value={fields[`owner_${field}`]}
          options={OWNERS}
          problem={problem}
        />
      ))}
    </Group>
  );
}

function General({ fields, problem }: Props) {
  return (
    <Group title="General">
      <TextField
        name="time_zone"
        label="Time zone"
        help="Of mails, exports and this dashboard, such as Europe/Berlin."
        value={fields.time_zone}
        problem={problem}
        required
      />
      <TextAreaField
        name="allowed_origins"
        label="Where payers may be sent"
        help="One a line, such as https://app.example.com. Left empty: anywhere."
        value={fields.allowed_origins}
        problem={problem}
      />
    </Group>
  );
}

function Check(props: PropsWithChildren<Props & { name: string; label: string }>) {
  const { name, label, fields, problem, children } = props;
  return (
    <CheckField name={name} label={label} help={children} checked={fields[name] === "on"} problem={problem} />
  );
}
