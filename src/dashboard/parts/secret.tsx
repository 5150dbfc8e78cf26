// Secrets: a field to paste one into, which is never filled in again, and the one showing of one that was made.

import type { Child } from "hono/jsx";
import type { AppError } from "../../platform/app-error.ts";
import { CopyBlock, CopyField } from "./copy.tsx";
import { Field } from "./field.tsx";
import { Notice } from "./panel.tsx";

/** What is said at once when something that begins so is pasted; the first that fits. */
export type PasteHint = readonly [prefix: string, tone: "good" | "bad", words: string];

export function PasteField(props: {
  name: string;
  label: string;
  placeholder: string;
  help?: Child;
  problem?: AppError | null;
  path?: string;
  required?: boolean;
  hints?: readonly PasteHint[];
}) {
  const { name, placeholder, required, hints } = props;
  return (
    <Field
      {...props}
      input={(attributes) => (
        <>
          <input
            {...attributes}
            type="password"
            placeholder={placeholder}
            required={required}
            autocomplete="off"
            spellcheck={false}
            data-hints={hints ? JSON.stringify(hints) : undefined}
          />
          {hints ? <p id={`${name}-said`} class="hint-said" aria-live="polite" /> : null}
        </>
      )}
    />
  );
}

/** @param props.snippets code by language, the first of them open */
export function SecretOnce(props: {
  label: string;
  value: string;
  /** What to do if it is lost. */
  lost: string;
  snippets?: readonly (readonly [language: string, code: string])[];
}) {
  const { label, value, lost, snippets = [] } = props;
  return (
    <>
      <Notice tone="warn">{`It is shown this once. Copy it now; ${lost}`}</Notice>
      <CopyField label={label} value={value} />
      {snippets.length === 0 ? null : <Snippets snippets={snippets} />}
    </>
  );
}

/** Code in several languages, one open at a time. */
export function Snippets({ snippets }: { snippets: readonly (readonly [language: string, code: string])[] }) {
  return (
    <div class="switch-tabs">
      {snippets.map(([language, code], index) => (
        <details name="snippet" open={index === 0}>
          <summary>{language}</summary>
          <CopyBlock label={`${language} code`} text={code} />
        </details>
      ))}
    </div>
  );
}
