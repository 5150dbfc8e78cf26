// Records by form that money of a payment by hand went back: nothing is asked of Stripe. A form that is sent twice
// names the same reference, so it is one refund.

import type { PaymentView } from "../../ledger/payments/read-payments.ts";
import { refundPaymentBody } from "../../payments/refund-schema.ts";
import { type AppError, notFound } from "../../platform/app-error.ts";
import { parseDecimal } from "../../platform/money.ts";
import { leftToRefund } from "../../platform/refund-refusal.ts";
import { attempt, readForm } from "../act.ts";
import { askLedger } from "../ask-ledger.ts";
import { type DashboardContext, pathId, sessionLedger } from "../dashboard-env.ts";
import { renderPage } from "../layout/render.tsx";
import { ActPage } from "../parts/act-page.tsx";
import { Notice } from "../parts/panel.tsx";
import { type HandFields, RefundByHandForm } from "../parts/refund-by-hand-form.tsx";
import { type Payee, payeeHref, payeeOf, payeeWords } from "../payee-view.ts";
import { amountText } from "../refund-view.ts";

const NOTHING: HandFields = { amount: "", method: "", reference: "" };
type Subject = { payment: PaymentView; payee: Payee; leftMinor: number };
type Problem = { field: keyof HandFields | null; message: string; status: number };

export async function showRefundByHand(c: DashboardContext) {
  return renderForm(c, await readSubject(c), NOTHING, null);
}

export async function refundByHand(c: DashboardContext) {
  const subject = await readSubject(c);
  const { payment, payee } = subject;
  const form = await readForm(c);
  const field = (name: keyof HandFields) => (form.get(name) ?? "").trim();
  const fields = { amount: field("amount"), method: field("method"), reference: field("reference") };
  const read = readFields(fields, payment);
  if (!read.ok) return renderForm(c, subject, fields, { ...read, status: 422 });
  const input = { ...fields, ...read, paymentId: payment.id, reason: undefined };
  const done = await attempt(() => sessionLedger(c).recordManualRefund(input));
  if (!done.ok) return renderForm(c, subject, fields, problemOf(done.problem));
  return c.redirect(payeeHref(payee, "refund_recorded"), 303);
}

async function readSubject(c: DashboardContext): Promise<Subject> {
  const id = pathId(c);
  const { payment, refunds, names } = await askLedger(c, {
    payment: ["findPayment", { id }],
    refunds: ["listRefundsOf", { paymentId: id }],
  });
  if (!payment) throw notFound("payment", id);
  return { payment, payee: payeeOf(payment, names.invoices), leftMinor: leftToRefund(payment, refunds) };
}

type Read =
  | { ok: true; amountMinor: number | undefined; method: string; reference: string }
  | { ok: false; field: keyof HandFields; message: string };

/** By the rules of the API; an empty amount is all that is left. */
function readFields({ amount, method, reference }: HandFields, { currency }: PaymentView): Read {
  const parsed = amount === "" ? null : parseDecimal(amount, currency);
  if (parsed && !parsed.ok) return { ok: false, field: "amount", message: parsed.detail };
  const amountMinor = parsed?.amountMinor;
  const body = refundPaymentBody.safeParse({ amount: amountMinor, method, reference });
  if (body.success) return { ok: true, amountMinor, method, reference };
  const [issue] = body.error.issues;
  const field =
    issue?.path[0] === "reference" ? "reference" : issue?.path[0] === "method" ? "method" : "amount";
  return { ok: false, field, message: issue?.message ?? "It is not valid." };
}

function problemOf({ message, status, errors }: AppError): Problem {
  const path = errors?.[0]?.path;
  const field = path === "amount" || path === "method" || path === "reference" ? path : null;
  return { field, message, status };
}

function renderForm(
  c: DashboardContext,
  { payment, payee, leftMinor }: Subject,
  fields: HandFields,
  problem: Problem | null,
) {
  const isPossible = payment.providerPaymentId === null && payment.status === "succeeded" && leftMinor > 0;
  return renderPage(
    c,
    { title: "Record a refund", place: "Payments", status: problem?.status },
    <ActPage
      crumb={{ words: payeeWords(payee), href: payee.href }}
      title="Record a refund"
      note={`${amountText(payment.amountMinor, payment.currency)}, ${payeeWords(payee)}`}
    >
      {problem !== null && problem.field === null ? (
        <Notice tone="bad">
          <p role="alert">{problem.message}</p>
        </Notice>
      ) : null}
      {isPossible ? (
        <RefundByHandForm
          payment={payment}
          back={payee.href}
          leftMinor={leftMinor}
          fields={fields}
          problem={problem}
        />
      ) : (
        <Notice tone="warn">
          Only of a payment that was recorded by hand, and has not been reversed or given back whole, money
          can go back by hand.
        </Notice>
      )}
    </ActPage>,
  );
}
