// The fields of an invoice: for whom, what for, until when. Without script a button gives more lines.

import type { CustomerRow } from "../../ledger/customers/customer-state.ts";
import type { AppError } from "../../platform/app-error.ts";
import { customerText } from "../customer-field.ts";
import { type InvoiceFields, shownLines } from "../invoice-form.ts";
import { SelectField, TextAreaField, TextField } from "./field.tsx";

type Props = { fields: InvoiceFields; problem: AppError | null };

export function DraftFields(
  props: Props & { customers: readonly CustomerRow[]; isNew: boolean; spareLines: number | undefined },
) {
  const { fields, problem, customers, isNew, spareLines } = props;
  return (
    <>
      <TextField
        name="customer"
        label="Customer"
        path="customer_id"
        value={fields.customer}
        required
        list="customers"
        help="Choose from the list, or type a name, an email or an id."
        problem={problem}
      />
      <datalist id="customers">
        {customers.map((customer) => (
          <option value={customerText(customer)} />
        ))}
      </datalist>
      <Lines fields={fields} problem={problem} spareLines={spareLines} />
      <TextField
        name="currency"
        label="Currency"
        value={fields.currency}
        required
        maxlength={3}
        help="Three letters, such as EUR."
        problem={problem}
      />
      <LaterFields fields={fields} problem={problem} />
      <TextField
        name="number"
        label="Number"
        value={fields.number}
        maxlength={100}
        help="Shown to the customer. Left empty: one is made."
        problem={problem}
      />
      <SelectField
        name="mail"
        label="Email with the payment link"
        path="send_email"
        value={fields.mail}
        options={[
          ...(isNew ? ([["", "As the settings say"]] as const) : []),
          ["yes", "Send it once the link is made"],
          ["no", "Do not send it"],
        ]}
        problem={problem}
      />
    </>
  );
}

/** What a finalised invoice can still change as well. */
export function LaterFields({ fields, problem }: Props) {
  return (
    <>
      <TextField
        name="due"
        label="Due date"
        path="due_at"
        type="date"
        value={fields.due}
        help="Until the end of that day. Left empty: none."
        problem={problem}
      />
      <TextAreaField
        name="memo"
        label="Memo"
        value={fields.memo}
        maxlength={2000}
        help="The customer reads it on the invoice."
        problem={problem}
      />
    </>
  );
}

function Lines({ fields, problem, spareLines }: Props & { spareLines: number | undefined }) {
  return (
    <fieldset class="lines">
      <legend>Lines</legend>
      {shownLines(fields.lines, spareLines).map((line, at) => (
        <div class="line-fields">
          <TextField
            name={`description-${at}`}
            label="Description"
            path={`lines[${at}].description`}
            value={line.description}
            maxlength={1000}
            problem={problem}
          />
          <TextField
            name={`quantity-${at}`}
            label="Quantity"
            path={`lines[${at}].quantity`}
            value={line.quantity}
            placeholder="1"
            problem={problem}
          />
          <TextField
            name={`price-${at}`}
            label="Unit price"
            path={`lines[${at}].unit_amount`}
            value={line.price}
            placeholder="49.00"
            problem={problem}
          />
        </div>
      ))}
    </fieldset>
  );
}
