// Actions on an invoice: each is the API's own verb, asked for by form. A form sent twice acts once.

import type { InvoiceWithLink } from "../../ledger/invoices/read-invoices.ts";
import type { AppError } from "../../platform/app-error.ts";
import { attempt, attemptOnce, callIdOf, formToken, readForm } from "../act.ts";
import { askLedger } from "../ask-ledger.ts";
import { type DashboardContext, pathId, sessionLedger } from "../dashboard-env.ts";
import type { Done } from "../done-words.ts";
import { href, invoiceHref } from "../hrefs.ts";
import { INVOICE_ACTS, type InvoiceActName } from "../invoice-acts.ts";
import { renderPage } from "../layout/render.tsx";
import { ConfirmPage } from "../parts/confirm-page.tsx";
import { renderInvoice } from "./invoice.tsx";

export async function sendMailAgain(c: DashboardContext) {
  const id = pathId(c);
  const token = formToken(await readForm(c));
  const call = token === null ? c.get("requestId") : await callIdOf(c, token, []);
  const mine = sessionLedger(c);
  const done = await attempt(() => mine.requestMail({ invoiceId: id, call }));
  return done.ok ? backTo(c, id, "mailed") : renderInvoice(c, done.problem);
}

/** The page that says what will happen. */
export function showAct(name: InvoiceActName) {
  return async (c: DashboardContext) => {
    const { found } = await askLedger(c, { found: ["getInvoice", { id: pathId(c) }] });
    return renderAct(c, name, found, null);
  };
}

/** Does it. */
export function act(name: InvoiceActName) {
  return async (c: DashboardContext) => {
    const mine = sessionLedger(c);
    const id = pathId(c);
    const form = await readForm(c);
    if (name === "delete") return deleteDraft(c, id, form);
    const found = await mine.getInvoice({ id });
    const seen = form.get("revision");
    const force = form.get("force") === "yes";
    // The link that was to be replaced is replaced already: the form was sent twice.
    const isDone = name === "payment-link" && seen !== revisionOf(found);
    const done = isDone ? ({ ok: true } as const) : await attempt(() => mine[VERBS[name]]({ id, force }));
    return done.ok ? backTo(c, id, INVOICE_ACTS[name].done) : renderAct(c, name, found, done.problem);
  };
}

const VERBS = {
  finalize: "finalizeInvoice",
  "payment-link": "replacePaymentLink",
  void: "voidInvoice",
  uncollectible: "markUncollectible",
  reopen: "reopenInvoice",
} as const;

/** A form that is sent twice finds nothing the second time, and leads to the list all the same. */
async function deleteDraft(c: DashboardContext, id: string, form: URLSearchParams) {
  const mine = sessionLedger(c);
  const done = await attemptOnce(c, form, [], () => mine.deleteDraft({ id }));
  if (done?.ok === false) return renderAct(c, "delete", await mine.getInvoice({ id }), done.problem);
  return c.redirect(href("/invoices", { done: "draft_deleted" satisfies Done }), 303);
}

function backTo(c: DashboardContext, invoiceId: string, done: Done) {
  return c.redirect(`${invoiceHref(invoiceId)}?done=${done}`, 303);
}

function revisionOf({ link }: InvoiceWithLink): string {
  return String(link?.revision ?? 0);
}

function renderAct(
  c: DashboardContext,
  name: InvoiceActName,
  found: InvoiceWithLink,
  problem: AppError | null,
) {
  const { button, title, danger, effects } = INVOICE_ACTS[name];
  const path = invoiceHref(found.invoice.id);
  return renderPage(
    c,
    { title, place: "Invoices", status: problem?.status },
    <ConfirmPage
      crumb={{ words: `Invoice ${found.invoice.number}`, href: path }}
      title={title}
      note={found.invoice.number}
      action={`${path}/${name}`}
      button={button}
      danger={danger}
      problem={problem}
      fields={{
        revision: revisionOf(found),
        // Whoever has read why it was refused, and asks again, means it.
        force: problem?.code === "payment_under_way" ? "yes" : undefined,
      }}
    >
      {effects(found, c.get("deps").config.email !== null).map((effect) => (
        <li>{effect}</li>
      ))}
    </ConfirmPage>,
  );
}
