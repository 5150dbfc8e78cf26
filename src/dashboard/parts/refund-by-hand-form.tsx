// What went back of a payment by hand: how much, how, and what it is called.

import type { PaymentView } from "../../ledger/payments/read-payments.ts";
import { formatDecimal } from "../../platform/money.ts";
import { refundByHandHref } from "../hrefs.ts";
import { amountText } from "../refund-view.ts";
import { Panel } from "./panel.tsx";

/** As it was typed. */
export type HandFields = { amount: string; method: string; reference: string };

export function RefundByHandForm(props: {
  payment: PaymentView;
  /** The page that it was come from. */
  back: string;
  leftMinor: number;
  fields: HandFields;
  problem: { field: keyof HandFields | null; message: string } | null;
}) {
  const { payment, leftMinor, fields, problem } = props;
  const input = (name: keyof HandFields, label: string, help: string, placeholder = "") => (
    <p class="field">
      <label for={name}>{label}</label>
      <input
        id={name}
        name={name}
        type="text"
        autocomplete="off"
        placeholder={placeholder}
        value={fields[name]}
        aria-describedby={problem?.field === name ? `problem ${name}-help` : `${name}-help`}
        aria-invalid={problem?.field === name ? "true" : undefined}
      />
      {problem?.field === name ? (
        <span id="problem" class="field-error" role="alert">
          {problem.message}
        </span>
      ) : null}
      <span id={`${name}-help`} class="muted">
        {help}
      </span>
    </p>
  );
  const left = amountText(leftMinor, payment.currency);
  return (
    <Panel title="What went back">
      <form class="pad" method="post" action={refundByHandHref(payment.id)}>
        {input(
          ...(["amount", `Amount in ${payment.currency}`, `Left empty: all that is left, ${left}.`] as const),
          formatDecimal(leftMinor, payment.currency),
        )}
        {input("method", "Method", "How it went back, such as bank_transfer or cash.")}
        {input("reference", "Reference", "What you call it. The same once more is the same refund.")}
        <ul>
          <li>It is recorded as done: Stripe is asked for nothing, and nothing moves by it.</li>
          <li>The invoice is settled with it, and its timeline and the platform are told.</li>
        </ul>
        <div class="actions">
          <button class="primary" type="submit">
            Record the refund
          </button>
          <a class="button" href={props.back}>
            Cancel
          </a>
        </div>
      </form>
    </Panel>
  );
}
