// The fields of a customer, on the form that makes one and the form that changes one.

import type { AppError } from "../../platform/app-error.ts";
import { type CustomerFields, metadataRows } from "../customer-form.ts";
import { TextField } from "./field.tsx";

type Props = { fields: CustomerFields; problem: AppError | null };

/** @param props.isNew it may be given an id */
export function CustomerFieldset({ fields, problem, isNew }: Props & { isNew: boolean }) {
  return (
    <>
      <TextField name="name" label="Name" value={fields.name} required maxlength={200} problem={problem} />
      <TextField
        name="email"
        label="Email"
        type="email"
        value={fields.email}
        maxlength={254}
        problem={problem}
        help="Invoices and receipts are mailed to it."
      />
      <TextField name="phone" label="Phone" value={fields.phone} problem={problem} />
      {isNew ? (
        <TextField
          name="id"
          label="Id"
          value={fields.id}
          maxlength={128}
          problem={problem}
          help="Your platform's own, if it has one. It cannot be changed later."
        />
      ) : null}
      <Address fields={fields} problem={problem} />
      <MetadataRows fields={fields} problem={problem} />
    </>
  );
}

function Address({ fields, problem }: Props) {
  const part = (name: keyof CustomerFields, label: string, path = `address.${name}`) => (
    <TextField
      name={name}
      label={label}
      value={String(fields[name])}
      maxlength={200}
      problem={problem}
      path={path}
    />
  );
  const whole = problem?.errors?.some(({ path }) => path === "address") ?? false;
  return (
    <fieldset class="group-of-fields">
      <legend>Address</legend>
      {part("line1", "First line", whole ? "address" : undefined)}
      {part("line2", "Second line")}
      <div class="fields-in-a-row">
        {part("postal_code", "Postal code")}
        {part("city", "City")}
      </div>
      <div class="fields-in-a-row">
        {part("state", "State or province")}
        <TextField
          name="country"
          label="Country"
          value={fields.country}
          maxlength={2}
          placeholder="DE"
          problem={problem}
          path="address.country"
          help="Two letters."
        />
      </div>
    </fieldset>
  );
}

function MetadataRows({ fields, problem }: Props) {
  const errors = (problem?.errors ?? []).filter(({ path }) => path.startsWith("metadata"));
  return (
    <fieldset class="group-of-fields">
      <legend>Metadata</legend>
      <p class="help">Your own keys and values. A key whose value is emptied goes.</p>
      {errors.map(({ message }) => (
        <p class="field-error" role="alert">
          {message}
        </p>
      ))}
      {metadataRows(fields).map(([key, value], index) => (
        <div class="fields-in-a-row">
          <input
            type="text"
            name="metadata_key"
            value={key}
            maxlength={40}
            aria-label={`Key ${index + 1}`}
            placeholder="Key"
          />
          <textarea name="metadata_value" rows={1} maxlength={500} aria-label={`Value ${index + 1}`}>
            {value}
          </textarea>
        </div>
      ))}
    </fieldset>
  );
}
