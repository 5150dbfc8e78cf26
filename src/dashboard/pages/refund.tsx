// A refund by form: asked for, confirmed, then made by the API's own verb. A form that is sent twice is one
// refund: its token names the call, as an Idempotency-Key does.

import type { Child } from "hono/jsx";
import type { PaymentView } from "../../ledger/payments/read-payments.ts";
import type { RefundRow } from "../../ledger/payments/refund-row.ts";
import { createRefund } from "../../payments/create-refund.ts";
import { AppError, notFound } from "../../platform/app-error.ts";
import { leftToRefund, requireRefundable } from "../../platform/refund-refusal.ts";
import { attempt, callIdOf, formToken, newFormToken, readForm } from "../act.ts";
import { askLedger } from "../ask-ledger.ts";
import { type DashboardContext, pathId } from "../dashboard-env.ts";
import { href } from "../hrefs.ts";
import { renderPage } from "../layout/render.tsx";
import { ActPage } from "../parts/act-page.tsx";
import { Notice } from "../parts/panel.tsx";
import { ConfirmRefund, RefundForm } from "../parts/refund-form.tsx";
import { type Payee, payeeHref, payeeOf, payeeWords } from "../payee-view.ts";
import { amountText, type RefundFields, readRefund } from "../refund-view.ts";

type Subject = { payment: PaymentView; refunds: RefundRow[]; payee: Payee };

export async function showRefund(c: DashboardContext) {
  const subject = await readSubject(c);
  return renderForm(c, subject, { amount: "", reason: "" }, null);
}

export async function refund(c: DashboardContext) {
  const subject = await readSubject(c);
  const form = await readForm(c);
  const fields = { amount: (form.get("amount") ?? "").trim(), reason: form.get("reason") ?? "" };
  const token = formToken(form);
  if (form.get("confirm") === "yes" && token !== null) return confirmed(c, subject, fields, token);

  const read = readRefund(fields, subject.payment, subject.refunds);
  if (!read.ok) return renderForm(c, subject, fields, read.problem);
  return renderConfirmation(c, subject, { ...read, token: newFormToken() }, null);
}

async function confirmed(c: DashboardContext, subject: Subject, fields: RefundFields, token: string) {
  const { payment } = subject;
  const deps = c.get("deps");
  // What is left is for the verb to judge: sent again, the first sending may have taken it all.
  const read = readRefund(fields, payment, []);
  if (!read.ok) return renderForm(c, subject, fields, read.problem);
  const callId = await callIdOf(c, token, [fields.amount, fields.reason]);
  const input = { paymentId: payment.id, amountMinor: read.amountMinor, reason: read.reason };
  const done = await attempt(() =>
    createRefund({ ...deps, callId }, c.get("session").principal.scope, input),
  );
  if (done.ok) return c.redirect(payeeHref(subject.payee, "refunded"), 303);
  if (done.problem.code === "refund_too_large") {
    const problem = { field: "amount", message: done.problem.message } as const;
    return renderForm(c, subject, fields, problem);
  }
  // The same token: pressed again, it goes on with what was begun.
  return renderConfirmation(c, subject, { ...read, token }, done.problem);
}

async function readSubject(c: DashboardContext): Promise<Subject> {
  const id = pathId(c);
  const { payment, refunds, names } = await askLedger(c, {
    payment: ["findPayment", { id }],
    refunds: ["listRefundsOf", { paymentId: id }],
  });
  if (!payment) throw notFound("payment", id);
  return { payment, refunds, payee: payeeOf(payment, names.invoices) };
}

function renderForm(
  c: DashboardContext,
  subject: Subject,
  fields: RefundFields,
  problem: Parameters<typeof RefundForm>[0]["problem"],
) {
  const { payment, refunds, payee } = subject;
  const refusal = refusalOf(payment);
  const leftMinor = leftToRefund(payment, refunds);
  const status = refusal !== null && c.req.method === "POST" ? 409 : problem === null ? 200 : 422;
  const content =
    refusal === null && leftMinor > 0 ? (
      <RefundForm payment={payment} payee={payee} leftMinor={leftMinor} fields={fields} problem={problem} />
    ) : (
      <Notice tone="warn">{refusal ?? problem?.message ?? "Nothing is left to refund."}</Notice>
    );
  return render(c, subject, status, content);
}

function renderConfirmation(
  c: DashboardContext,
  subject: Subject,
  asked: { amountMinor: number; reason: string | undefined; token: string },
  problem: AppError | null,
) {
  const { payment, refunds, payee } = subject;
  // One that is in doubt is this one: it has taken nothing yet.
  const settled = refunds.filter(({ stripeRefundId }) => stripeRefundId !== null);
  const content = (
    <ConfirmRefund
      payment={payment}
      payee={payee}
      amountMinor={asked.amountMinor}
      leftMinor={leftToRefund(payment, problem === null ? refunds : settled)}
      reason={asked.reason ?? ""}
      token={asked.token}
      problem={problem}
    />
  );
  return render(c, subject, problem?.status, content);
}

function render(c: DashboardContext, subject: Subject, status: number | undefined, content: Child) {
  const { payment, payee } = subject;
  const what = payeeWords(payee);
  return renderPage(
    c,
    { title: "Refund", place: "Payments", status },
    <ActPage
      crumb={{ words: what, href: payee.href }}
      title="Refund a payment"
      note={`${amountText(payment.amountMinor, payment.currency)}, ${what.charAt(0).toLowerCase()}${what.slice(1)}`}
    >
      {content}
      <p class="muted">
        Refunds by API and those made at Stripe count as well; all <a href={href("/payments")}>payments</a>.
      </p>
    </ActPage>,
  );
}

/** Why this payment cannot be refunded at all, in the verb's words. */
function refusalOf(payment: PaymentView): string | null {
  try {
    requireRefundable(payment, payment.id);
    return null;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return error.message;
  }
}
