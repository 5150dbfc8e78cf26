// Makes an invoice by form, as a draft or finalised at once. The form sent twice makes one.

import { createInvoiceBody, toCreateInvoice } from "../../invoices/request-schema.ts";
import type { AppError } from "../../platform/app-error.ts";
import { MOST_BODY_BYTES } from "../../platform/bounds.ts";
import { DEFAULT_TIME_ZONE } from "../../platform/time-zone.ts";
import { attempt, callIdOf, formToken, readForm } from "../act.ts";
import { askLedger, surroundingsOf } from "../ask-ledger.ts";
import { customerIdOf, customerText } from "../customer-field.ts";
import { type DashboardContext, sessionLedger } from "../dashboard-env.ts";
import type { Done } from "../done-words.ts";
import { href, invoiceHref } from "../hrefs.ts";
import {
  draftBody,
  dueBody,
  emptyInvoice,
  fieldPaths,
  fieldsOfForm,
  type InvoiceFields,
  parseBody,
} from "../invoice-form.ts";
import { renderPage } from "../layout/render.tsx";
import { FormPage } from "../parts/form-page.tsx";
import { DraftFields } from "../parts/invoice-form.tsx";

const PATH = href("/invoices/new");
const CUSTOMERS_OFFERED = { limit: 100, after: null };
const MORE_LINES = 10;

export async function showNewInvoice(c: DashboardContext) {
  return renderNew(c, null, null);
}

export async function makeInvoice(c: DashboardContext) {
  const form = await readForm(c, MOST_BODY_BYTES);
  const fields = fieldsOfForm(form);
  if (form.get("more") === "yes") return renderNew(c, fields, null, MORE_LINES);
  const finalize = form.get("finalize") === "yes";
  const token = formToken(form);
  const asked = [JSON.stringify(fields), String(finalize)];
  const callId = token === null ? null : await callIdOf(c, token, asked);
  const done = await attempt(async () => {
    const timeZone = c.get("timeZone") ?? DEFAULT_TIME_ZONE;
    const body = parseBody(createInvoiceBody, {
      ...draftBody(fields),
      customer_id: await customerIdOf(c, fields.customer),
      currency: fields.currency,
      due_at: dueBody(fields.due, null, timeZone),
      ...(fields.memo === "" ? {} : { memo: fields.memo }),
      finalize,
    });
    return sessionLedger(c).createInvoice(toCreateInvoice(body, callId));
  });
  if (!done.ok) return renderNew(c, fields, done.problem);
  const said: Done = finalize ? "invoice_created_final" : "invoice_created";
  return c.redirect(`${invoiceHref(done.value.invoice.id)}?done=${said}`, 303);
}

/** @param typed null: nothing was typed yet */
async function renderNew(
  c: DashboardContext,
  typed: InvoiceFields | null,
  problem: AppError | null,
  spareLines?: number,
) {
  const wanted = c.req.query("customer_id");
  const { customers, wantedNames } = await askLedger(c, {
    customers: ["listCustomers", { filter: {}, page: CUSTOMERS_OFFERED }],
    wantedNames: ["findCustomerNames", { ids: wanted === undefined ? [] : [wanted] }],
  });
  const [[id, name] = []] = [...wantedNames];
  const { connection } = await surroundingsOf(c);
  const customer = id === undefined || name === undefined ? "" : customerText({ id, name });
  const currency = connection?.account.default_currency?.toUpperCase() ?? "";
  const fields = typed ?? emptyInvoice(customer, currency);
  return renderPage(
    c,
    { title: "New invoice", place: "Invoices", status: problem?.status },
    <FormPage
      crumb={{ words: "Invoices", href: href("/invoices") }}
      title="New invoice"
      action={PATH}
      button="Save the draft"
      ways={
        <>
          <button type="submit" name="finalize" value="yes">
            Create and finalise
          </button>
          <MoreLines />
        </>
      }
      wide
      problem={problem}
      paths={fieldPaths(fields)}
    >
      <DraftFields
        fields={fields}
        customers={customers.rows}
        isNew
        spareLines={spareLines}
        problem={problem}
      />
    </FormPage>,
  );
}

/** Nothing is made by it: the form comes back with what was typed. */
export function MoreLines() {
  return (
    <button class="quiet" type="submit" name="more" value="yes" formnovalidate>
      Add lines
    </button>
  );
}
