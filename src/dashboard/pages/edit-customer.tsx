// Makes a customer by form, or changes one: by the API's own schemas and verbs, with its refusals at their fields.

import { createCustomerBody, updateCustomerBody } from "../../customers/schema.ts";
import { validationFailed } from "../../http/router.ts";
import { type AppError, notFound } from "../../platform/app-error.ts";
import { attempt, callIdOf, formToken, readForm } from "../act.ts";
import { askLedger } from "../ask-ledger.ts";
import {
  type CustomerFields,
  fieldsOf,
  MOST_CUSTOMER_FORM_BYTES,
  NO_CUSTOMER,
  readCustomerFields,
  readShown,
  toChange,
  toCreate,
} from "../customer-form.ts";
import { type DashboardContext, pathId, sessionLedger } from "../dashboard-env.ts";
import { customerHref, href } from "../hrefs.ts";
import { renderPage } from "../layout/render.tsx";
import { CustomerFieldset } from "../parts/customer-fields.tsx";
import { FormPage } from "../parts/form-page.tsx";

const LIST = href("/customers");

export function showNewCustomer(c: DashboardContext) {
  return renderNew(c, NO_CUSTOMER, null);
}

/** Sent twice it makes one. */
export async function makeCustomer(c: DashboardContext) {
  const form = await readForm(c, MOST_CUSTOMER_FORM_BYTES);
  const fields = readCustomerFields(form);
  const body = createCustomerBody.safeParse(toCreate(fields));
  if (!body.success) return renderNew(c, fields, validationFailed(body.error.issues));
  const token = formToken(form);
  const callId = token === null ? null : await callIdOf(c, token, [JSON.stringify(body.data)]);
  const made = await attempt(() => sessionLedger(c).createCustomer({ ...body.data, callId }));
  if (!made.ok) return renderNew(c, fields, made.problem);
  return c.redirect(`${customerHref(made.value.id)}?done=customer_created`, 303);
}

export async function showCustomerForm(c: DashboardContext) {
  const id = pathId(c);
  const { customer } = await askLedger(c, { customer: ["findCustomerRow", { id }] });
  if (!customer || customer.deletedAtMs !== null) throw notFound("customer", id);
  const fields = fieldsOf(customer);
  return renderChange(c, fields, fields, null);
}

export async function changeCustomerByForm(c: DashboardContext) {
  const id = pathId(c);
  const form = await readForm(c, MOST_CUSTOMER_FORM_BYTES);
  const [fields, was] = [{ ...readCustomerFields(form), id }, readShown(form)];
  const body = updateCustomerBody.safeParse(toChange(fields, was));
  if (!body.success) {
    // What is not there is said first.
    await sessionLedger(c).getCustomer({ id });
    return renderChange(c, fields, was, validationFailed(body.error.issues));
  }
  const changed = await attempt(() => sessionLedger(c).changeCustomer({ id, change: body.data }));
  if (!changed.ok) return renderChange(c, fields, was, changed.problem);
  return c.redirect(`${customerHref(id)}?done=customer_changed`, 303);
}

function renderNew(c: DashboardContext, fields: CustomerFields, problem: AppError | null) {
  return renderPage(
    c,
    { title: "New customer", place: "Customers", status: problem?.status },
    <FormPage
      crumb={{ words: "Customers", href: LIST }}
      title="New customer"
      action={href("/customers/new")}
      button="Create the customer"
      problem={problem}
    >
      <CustomerFieldset fields={fields} problem={problem} isNew />
    </FormPage>,
  );
}

function renderChange(
  c: DashboardContext,
  fields: CustomerFields,
  was: Partial<CustomerFields>,
  problem: AppError | null,
) {
  const page = customerHref(fields.id);
  const name = typeof was.name === "string" && was.name !== "" ? was.name : fields.id;
  return renderPage(
    c,
    { title: "Edit customer", place: "Customers", status: problem?.status },
    <FormPage
      crumb={{ words: name, href: page }}
      title="Edit customer"
      action={`${page}/edit`}
      button="Save"
      problem={problem}
    >
      <input type="hidden" name="shown" value={JSON.stringify(was)} />
      <CustomerFieldset fields={fields} problem={problem} isNew={false} />
    </FormPage>,
  );
}
