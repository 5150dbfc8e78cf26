// Something to be pasted elsewhere: it can be selected without script, and copied by a button with it.

export function CopyField({ label, value }: { label: string; value: string }) {
  return (
    <span class="copy">
      <input type="text" readonly value={value} aria-label={label} />
      <CopyButton label={label} value={value} />
    </span>
  );
}

/** An id on one line, clipped where there is no room for it. */
export function CopyId({ id, label = "id" }: { id: string; label?: string }) {
  return (
    <span class="copy-id">
      <code title={id}>{id}</code>
      <CopyButton label={label} value={id} />
    </span>
  );
}

/** A block of text, such as a command. */
export function CopyBlock({ label, text }: { label: string; text: string }) {
  return (
    <div class="copy-block">
      <pre>
        <code>{text}</code>
      </pre>
      <CopyButton label={label} value={text} />
    </div>
  );
}

/** The button alone, for what is on the page in another shape. It is hidden until the script runs. */
export function CopyButton({
  label,
  value,
  words = "Copy",
}: {
  label: string;
  value: string;
  words?: string;
}) {
  return (
    <button type="button" hidden data-copy={value}>
      <span aria-live="polite">{words}</span>
      <span class="unseen"> {label}</span>
    </button>
  );
}
