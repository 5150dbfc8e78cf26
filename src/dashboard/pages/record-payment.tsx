// Records a payment that came another way than through Stripe. A form that is sent twice names the same reference, so it
// is one payment.

import { recordByHand } from "../../payments/record-by-hand.ts";
import { recordPaymentBody } from "../../payments/schema.ts";
import { type AppError, invalid } from "../../platform/app-error.ts";
import { remainingMinor } from "../../platform/invoice-remaining.ts";
import { isoTime } from "../../platform/iso-time.ts";
import { formatDecimal, parseDecimal } from "../../platform/money.ts";
import { DEFAULT_TIME_ZONE, dayOf, momentOn } from "../../platform/time-zone.ts";
import { attempt, readForm } from "../act.ts";
import { askLedger } from "../ask-ledger.ts";
import { type DashboardContext, pathId, sessionLedger } from "../dashboard-env.ts";
import type { Done } from "../done-words.ts";
import { invoiceHref } from "../hrefs.ts";
import { parseBody } from "../invoice-form.ts";
import { renderPage } from "../layout/render.tsx";
import { SelectField, TextField } from "../parts/field.tsx";
import { FormPage } from "../parts/form-page.tsx";

const METHODS = [
  ["bank_transfer", "Bank transfer"],
  ["cash", "Cash"],
  ["check", "Check"],
  ["card", "Card, elsewhere"],
  ["other", "Another way"],
] as const;

type Fields = { amount: string; method: string; reference: string; day: string };

export async function showRecordPayment(c: DashboardContext) {
  return renderForm(c, null, null);
}

export async function recordPaymentByForm(c: DashboardContext) {
  const id = pathId(c);
  const form = await readForm(c);
  const field = (name: keyof Fields) => (form.get(name) ?? "").trim();
  const fields = {
    ...{ amount: field("amount"), method: field("method") },
    ...{ reference: field("reference"), day: field("day") },
  };
  const { invoice } = await sessionLedger(c).getInvoice({ id });
  const done = await attempt(async () => {
    const amount = parseDecimal(fields.amount, invoice.currency);
    if (!amount.ok) throw invalid("amount", amount.detail);
    const { method, reference } = fields;
    const occurred_at = momentOf(c, fields.day);
    const body = parseBody(recordPaymentBody, { amount: amount.amountMinor, method, reference, occurred_at });
    return recordByHand(c.get("deps"), c.get("session").principal.scope, {
      invoiceId: id,
      amountMinor: body.amount,
      method: body.method,
      reference: body.reference,
      occurredAtMs: body.occurred_at,
    });
  });
  if (!done.ok) return renderForm(c, fields, done.problem);
  return c.redirect(`${invoiceHref(id)}?done=${"payment_recorded" satisfies Done}`, 303);
}

/** Noon of a day that is over, which is that day in most zones; today is now. */
function momentOf(c: DashboardContext, day: string): string | undefined {
  const timeZone = c.get("timeZone") ?? DEFAULT_TIME_ZONE;
  if (day === "" || day === dayOf(c.get("deps").now(), timeZone)) return undefined;
  if (Number.isNaN(Date.parse(day))) throw invalid("occurred_at", "Give a day such as 2026-12-01.");
  return isoTime(momentOn(day, 12, timeZone));
}

/** @param typed null: all that is left, today */
async function renderForm(c: DashboardContext, typed: Fields | null, problem: AppError | null) {
  const id = pathId(c);
  const { found } = await askLedger(c, { found: ["getInvoice", { id }] });
  const { invoice } = found;
  const remaining = remainingMinor(invoice);
  const fields = typed ?? {
    amount: remaining === 0 ? "" : formatDecimal(remaining, invoice.currency),
    method: "bank_transfer",
    reference: "",
    day: dayOf(c.get("deps").now(), c.get("timeZone") ?? DEFAULT_TIME_ZONE),
  };
  return renderPage(
    c,
    { title: "Record a payment", place: "Invoices", status: problem?.status },
    <FormPage
      crumb={{ words: `Invoice ${invoice.number}`, href: invoiceHref(id) }}
      title="Record a payment"
      note="One that came another way than through Stripe. The invoice is settled with it."
      action={`${invoiceHref(id)}/record-payment`}
      button="Record the payment"
      problem={problem}
      paths={["amount", "method", "reference", "occurred_at"]}
    >
      <TextField
        name="amount"
        label={`Amount in ${invoice.currency}`}
        value={fields.amount}
        required
        help={`${formatDecimal(remaining, invoice.currency)} is to be paid.`}
        problem={problem}
      />
      <SelectField
        name="method"
        label="How it came"
        value={fields.method}
        options={METHODS}
        problem={problem}
      />
      <TextField
        name="reference"
        label="Reference"
        value={fields.reference}
        required
        maxlength={200}
        help="What your bank or you call it. The same once more is the same payment."
        problem={problem}
      />
      <TextField
        name="day"
        label="When it came"
        path="occurred_at"
        type="date"
        value={fields.day}
        problem={problem}
      />
    </FormPage>,
  );
}
