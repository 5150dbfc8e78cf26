// Changes an invoice by form: a draft in everything, a finalised one in its due date and its memo.

import { toInvoiceChange, updateInvoiceBody } from "../../invoices/request-schema.ts";
import type { InvoiceRow } from "../../ledger/invoices/read-invoices.ts";
import type { AppError } from "../../platform/app-error.ts";
import { MOST_BODY_BYTES } from "../../platform/bounds.ts";
import { DEFAULT_TIME_ZONE } from "../../platform/time-zone.ts";
import { attemptOnce, readForm } from "../act.ts";
import { askLedger } from "../ask-ledger.ts";
import { customerIdOf, customerText } from "../customer-field.ts";
import { type DashboardContext, pathId, sessionLedger } from "../dashboard-env.ts";
import type { Done } from "../done-words.ts";
import { invoiceHref } from "../hrefs.ts";
import {
  draftBody,
  dueBody,
  fieldPaths,
  fieldsOfForm,
  fieldsOfInvoice,
  type InvoiceFields,
  parseBody,
} from "../invoice-form.ts";
import { renderPage } from "../layout/render.tsx";
import { FormPage } from "../parts/form-page.tsx";
import { DraftFields, LaterFields } from "../parts/invoice-form.tsx";
import { MoreLines } from "./new-invoice.tsx";

const CUSTOMERS_OFFERED = { limit: 100, after: null };
const MORE_LINES = 10;

export async function showInvoiceEdit(c: DashboardContext) {
  return renderEdit(c, null, null);
}

export async function editInvoice(c: DashboardContext) {
  const id = pathId(c);
  const form = await readForm(c, MOST_BODY_BYTES);
  const fields = fieldsOfForm(form);
  if (form.get("more") === "yes") return renderEdit(c, fields, null, MORE_LINES);
  const { invoice } = await sessionLedger(c).getInvoice({ id });
  const done = await attemptOnce(c, form, [JSON.stringify(fields)], async () => {
    const body = parseBody(updateInvoiceBody, await bodyOf(c, invoice, fields));
    return sessionLedger(c).updateInvoice({ id, change: toInvoiceChange(body) });
  });
  if (done?.ok === false) return renderEdit(c, fields, done.problem);
  return c.redirect(`${invoiceHref(id)}?done=${"invoice_changed" satisfies Done}`, 303);
}

/** What the form says otherwise than the invoice. */
async function bodyOf(c: DashboardContext, invoice: InvoiceRow, fields: InvoiceFields) {
  const timeZone = c.get("timeZone") ?? DEFAULT_TIME_ZONE;
  const memo = fields.memo === "" ? null : fields.memo;
  const later = {
    due_at: dueBody(fields.due, invoice.dueAtMs, timeZone),
    ...(memo === invoice.memo ? {} : { memo }),
  };
  if (invoice.status !== "draft") return later;
  return { ...later, ...draftBody(fields), customer_id: await customerIdOf(c, fields.customer) };
}

/** @param typed null: the invoice as it is */
async function renderEdit(
  c: DashboardContext,
  typed: InvoiceFields | null,
  problem: AppError | null,
  spareLines?: number,
) {
  const id = pathId(c);
  const { found, customers, names } = await askLedger(c, {
    found: ["getInvoice", { id }],
    customers: ["listCustomers", { filter: {}, page: CUSTOMERS_OFFERED }],
  });
  const { invoice } = found;
  const isDraft = invoice.status === "draft";
  const customer = customerText({
    id: invoice.customerId,
    name: names.customers.get(invoice.customerId) ?? invoice.customerId,
  });
  const fields = typed ?? fieldsOfInvoice(invoice, customer, c.get("timeZone") ?? DEFAULT_TIME_ZONE);
  return renderPage(
    c,
    { title: "Edit the invoice", place: "Invoices", status: problem?.status },
    <FormPage
      crumb={{ words: `Invoice ${invoice.number}`, href: invoiceHref(id) }}
      title={isDraft ? "Edit the draft" : "Edit the invoice"}
      note={
        isDraft
          ? undefined
          : "It is finalised: what the customer is asked to pay by does not change any more."
      }
      action={`${invoiceHref(id)}/edit`}
      button="Save"
      ways={isDraft ? <MoreLines /> : undefined}
      wide={isDraft}
      problem={problem}
      paths={fieldPaths(fields)}
    >
      {isDraft ? (
        <DraftFields
          fields={fields}
          customers={customers.rows}
          isNew={false}
          spareLines={spareLines}
          problem={problem}
        />
      ) : (
        <LaterFields fields={fields} problem={problem} />
      )}
    </FormPage>,
  );
}
