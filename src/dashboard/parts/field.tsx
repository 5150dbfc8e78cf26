// A field of a form: its label, what it is for, and what was wrong with it, tied together for screen readers.

import type { Child } from "hono/jsx";
import type { AppError } from "../../platform/app-error.ts";

type FieldProps = {
  name: string;
  label: string;
  help?: Child;
  /** The refusal of the form; what it says of this field is shown here. */
  problem?: AppError | null | undefined;
  /** What the API calls the field, where the form calls it otherwise. */
  path?: string;
};

/** What ties an input to its label, help and error. */
export type FieldInput = {
  id: string;
  name: string;
  "aria-describedby"?: string | undefined;
  "aria-invalid"?: "true" | undefined;
};

/** @param props.input makes the control from the attributes that it is given */
export function Field(props: FieldProps & { input: (attributes: FieldInput) => Child }) {
  const { name, label, help, problem = null } = props;
  const error = fieldError(problem, props.path ?? name);
  const described = [help ? `${name}-help` : "", error === null ? "" : `${name}-error`].filter(Boolean);
  return (
    <div class="field">
      <label for={name}>{label}</label>
      {props.input({
        id: name,
        name,
        "aria-describedby": described.length === 0 ? undefined : described.join(" "),
        "aria-invalid": error === null ? undefined : "true",
      })}
      <Said name={name} error={error} help={help} />
    </div>
  );
}

/** What was refused about a field, and what helps to fill it in. */
function Said({ name, error, help }: { name: string; error: string | null; help: Child | undefined }) {
  return (
    <>
      {error === null ? null : (
        <p id={`${name}-error`} class="field-error" role="alert">
          {error}
        </p>
      )}
      {help ? (
        <p id={`${name}-help`} class="help">
          {help}
        </p>
      ) : null}
    </>
  );
}

/** A line of text. */
export function TextField(
  props: FieldProps & {
    value?: string | undefined;
    type?: "text" | "email" | "url" | "number" | "date";
    placeholder?: string;
    required?: boolean;
    maxlength?: number;
    /** The id of a list of what is often typed. */
    list?: string;
  },
) {
  const { value, type = "text", placeholder, required, maxlength, list } = props;
  return (
    <Field
      {...props}
      input={(attributes) => (
        <input
          {...attributes}
          class="long"
          type={type}
          value={value}
          placeholder={placeholder}
          required={required}
          maxlength={maxlength}
          list={list}
        />
      )}
    />
  );
}

/** Several lines of text. */
export function TextAreaField(
  props: FieldProps & { value?: string | undefined; rows?: number; maxlength?: number; placeholder?: string },
) {
  const { value = "", rows = 3, maxlength, placeholder } = props;
  return (
    <Field
      {...props}
      input={(attributes) => (
        <textarea {...attributes} rows={rows} maxlength={maxlength} placeholder={placeholder}>
          {value}
        </textarea>
      )}
    />
  );
}

export function SelectField(
  props: FieldProps & {
    value?: string | undefined;
    options: readonly (readonly [value: string, words: string])[];
  },
) {
  return (
    <Field
      {...props}
      input={(attributes) => (
        <select {...attributes}>
          {props.options.map(([value, words]) => (
            <option value={value} selected={value === props.value}>
              {words}
            </option>
          ))}
        </select>
      )}
    />
  );
}

/** A box to tick; sent as `on`. */
export function CheckField(props: Omit<FieldProps, "path"> & { checked: boolean }) {
  const { name, label, help, problem = null } = props;
  const error = fieldError(problem, name);
  return (
    <div class="field check">
      <input
        id={name}
        name={name}
        type="checkbox"
        checked={props.checked}
        aria-describedby={help ? `${name}-help` : undefined}
      />
      <label for={name}>{label}</label>
      <Said name={name} error={error} help={help} />
    </div>
  );
}

/** What a refusal says of one field; null where it says nothing of it. */
export function fieldError(problem: AppError | null, path: string): string | null {
  const errors = problem?.errors ?? [];
  return errors.find((error) => error.path === path)?.message ?? null;
}
