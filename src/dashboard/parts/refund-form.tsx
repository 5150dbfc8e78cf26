// The two steps of a refund: what is wanted, and what will happen. Only the second has a button that acts.

import type { PaymentView } from "../../ledger/payments/read-payments.ts";
import type { AppError } from "../../platform/app-error.ts";
import { formatDecimal } from "../../platform/money.ts";
import { refundHref } from "../hrefs.ts";
import { type Payee, payeeWords } from "../payee-view.ts";
import { amountText, type FieldProblem, REASON_CHOICES, type RefundFields } from "../refund-view.ts";
import { Confirmation } from "./confirm-page.tsx";
import { moneyText } from "./money.tsx";
import { Panel } from "./panel.tsx";

export function RefundForm(props: {
  payment: PaymentView;
  payee: Payee;
  leftMinor: number;
  fields: RefundFields;
  problem: FieldProblem | null;
}) {
  const { payment, payee, leftMinor, fields, problem } = props;
  const wrong = (field: FieldProblem["field"]) => problem?.field === field;
  return (
    <Panel title="What goes back">
      <form class="pad" method="post" action={refundHref(payment.id)}>
        <p class="field">
          <label for="amount">{`Amount in ${payment.currency}`}</label>
          <input
            id="amount"
            name="amount"
            type="text"
            inputmode="decimal"
            autocomplete="off"
            placeholder={formatDecimal(leftMinor, payment.currency)}
            value={fields.amount}
            aria-describedby={wrong("amount") ? "problem amount-help" : "amount-help"}
            aria-invalid={wrong("amount") ? "true" : undefined}
          />
          {wrong("amount") ? <Wrong problem={problem} /> : null}
          <span id="amount-help" class="muted">
            {`Left empty: all that is left, ${amountText(leftMinor, payment.currency)}.`}
          </span>
        </p>
        <p class="field">
          <label for="reason">Reason</label>
          <select id="reason" name="reason" aria-describedby={wrong("reason") ? "problem" : undefined}>
            {REASON_CHOICES.map(([value, words]) => (
              <option value={value} selected={value === fields.reason}>
                {words}
              </option>
            ))}
          </select>
          {wrong("reason") ? <Wrong problem={problem} /> : null}
        </p>
        <div class="actions">
          <button class="primary" type="submit">
            Continue
          </button>
          <a class="button" href={payee.href}>
            Cancel
          </a>
        </div>
      </form>
    </Panel>
  );
}

function Wrong({ problem }: { problem: FieldProblem | null }) {
  return (
    <span id="problem" class="field-error" role="alert">
      {problem?.message}
    </span>
  );
}

export function ConfirmRefund(props: {
  payment: PaymentView;
  payee: Payee;
  amountMinor: number;
  leftMinor: number;
  reason: string;
  token: string;
  problem: AppError | null;
}) {
  const { payment, payee, amountMinor, leftMinor } = props;
  const money = moneyText(amountMinor, payment.currency);
  const [, reason] = REASON_CHOICES.find(([value]) => value === props.reason) ?? ["", "None"];
  const after = leftMinor - amountMinor;
  return (
    <Confirmation
      action={refundHref(payment.id)}
      button={`Refund ${money}`}
      danger
      problem={props.problem}
      fields={{
        amount: formatDecimal(amountMinor, payment.currency),
        reason: props.reason,
        token: props.token,
      }}
      back={payee.href}
      ways={
        <a class="button" href={refundHref(payment.id)}>
          Change
        </a>
      }
    >
      <li>
        Stripe gives <strong>{money}</strong> {`(${payment.currency}) back to the payer.`} It cannot be undone
        here.
      </li>
      <li>
        {after === 0
          ? "Nothing of the payment is left to refund then."
          : `${moneyText(after, payment.currency)} of the payment stays, and can be refunded later.`}
      </li>
      <li>{staysWords(payee)}</li>
      <li>{reason === "None" ? "No reason is given to Stripe." : `Reason given to Stripe: ${reason}.`}</li>
    </Confirmation>
  );
}

function staysWords(payee: Payee): string {
  const what = payeeWords(payee);
  if (payee.kind === "Subscription") return `${what} goes on: a refund does not cancel it.`;
  return `${what} keeps its status; the refund shows on ${payee.kind === "Invoice" ? "it" : "its payment"}.`;
}
