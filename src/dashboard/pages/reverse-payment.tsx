// Takes back a payment that was recorded by hand, once it was said what that means.

import type { PaymentView } from "../../ledger/payments/read-payments.ts";
import { type AppError, notFound } from "../../platform/app-error.ts";
import { attempt, readForm } from "../act.ts";
import { askLedger } from "../ask-ledger.ts";
import { type DashboardContext, pathId, sessionLedger } from "../dashboard-env.ts";
import { reversalHref } from "../hrefs.ts";
import { renderPage } from "../layout/render.tsx";
import { ConfirmPage } from "../parts/confirm-page.tsx";
import { type Payee, payeeHref, payeeOf, payeeWords } from "../payee-view.ts";
import { amountText } from "../refund-view.ts";

type Subject = { payment: PaymentView; payee: Payee };

export async function showReversal(c: DashboardContext) {
  return renderReversal(c, await readSubject(c), null);
}

export async function reverse(c: DashboardContext) {
  const subject = await readSubject(c);
  const form = await readForm(c);
  if (form.get("confirm") !== "yes") return renderReversal(c, subject, null);
  const done = await attempt(() => sessionLedger(c).reversePayment({ id: subject.payment.id }));
  if (!done.ok) return renderReversal(c, subject, done.problem);
  return c.redirect(payeeHref(subject.payee, "payment_reversed"), 303);
}

async function readSubject(c: DashboardContext): Promise<Subject> {
  const id = pathId(c);
  const { payment, names } = await askLedger(c, { payment: ["findPayment", { id }] });
  if (!payment) throw notFound("payment", id);
  return { payment, payee: payeeOf(payment, names.invoices) };
}

/** @param problem why it was refused */
function renderReversal(c: DashboardContext, { payment, payee }: Subject, problem: AppError | null) {
  const amount = amountText(payment.amountMinor, payment.currency);
  const isPossible = payment.status === "succeeded" && payment.providerPaymentId === null;
  return renderPage(
    c,
    { title: "Reverse a payment", place: "Payments", status: problem?.status },
    <ConfirmPage
      crumb={{ words: payeeWords(payee), href: payee.href }}
      title="Reverse a payment"
      note={`${amount}, ${payeeWords(payee)}`}
      action={reversalHref(payment.id)}
      button={isPossible ? `Reverse ${amount}` : null}
      danger
      problem={problem}
    >
      {isPossible ? (
        <>
          <li>It counts as though it had never come: for what was recorded by mistake.</li>
          <li>{`${payeeWords(payee)} is settled without it: paid by it, it is open again, with a new payment link.`}</li>
          <li>It stays to be seen, and its reference is not taken again.</li>
        </>
      ) : (
        <li>Only a payment that was recorded by hand, and has not been reversed, can be.</li>
      )}
    </ConfirmPage>,
  );
}
