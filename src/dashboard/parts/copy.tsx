// Something to be pasted elsewhere: it can be selected without script, and copied by a button with it.

export function CopyField({ label, value }: { label: string; value: string }) {
  return (
    <span class="copy">
      <input type="text" readonly value={value} aria-label={label} />
      <CopyButton label={label} value={value} />
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

function CopyButton({ label, value }: { label: string; value: string }) {
  return (
    <button type="button" hidden data-copy={value}>
      <span aria-live="polite">Copy</span>
      <span class="unseen"> {label}</span>
    </button>
  );
}
