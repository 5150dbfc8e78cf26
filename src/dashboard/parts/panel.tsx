// The pieces that pages are laid out with: the page's head, panels, facts, and what to do where there is
// nothing yet.

import type { Child, PropsWithChildren } from "hono/jsx";

export function PageHead({ title, children, note }: PropsWithChildren<{ title: Child; note?: Child }>) {
  return (
    <div class="page-head">
      <div>
        <h1>{title}</h1>
        {note ? <p class="muted">{note}</p> : null}
      </div>
      {children}
    </div>
  );
}

export function Panel({ title, more, children }: PropsWithChildren<{ title: string; more?: Child }>) {
  return (
    <section class="panel">
      <div class="panel-head">
        <h2>{title}</h2>
        {more}
      </div>
      {children}
    </section>
  );
}

/** Names and values. A value of null is left out. */
export function Facts(props: {
  facts: readonly [name: string, value: Child][];
  /** Names that may be long stand above their values. */
  stacked?: boolean;
}) {
  return (
    <dl class={props.stacked ? "stacked" : "facts"}>
      {props.facts
        .filter(([, value]) => value !== null)
        .map(([name, value]) => (
          <div>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  );
}

/** Where there is nothing: why, and what to do next. */
export function Empty({ title, children }: PropsWithChildren<{ title: string }>) {
  return (
    <div class="empty">
      <p class="empty-title">{title}</p>
      {children}
    </div>
  );
}

/** A sentence that asks for attention. */
export function Notice({ tone, children }: PropsWithChildren<{ tone: "good" | "info" | "warn" | "bad" }>) {
  return (
    <div class={`notice ${tone}`} role="note">
      {children}
    </div>
  );
}

/** The platform's own keys and values; nothing where there are none. */
export function Metadata({ metadata }: { metadata: Record<string, string> }) {
  const facts = Object.entries(metadata);
  if (facts.length === 0) return null;
  return (
    <>
      <h3>Metadata</h3>
      <Facts facts={facts} stacked />
    </>
  );
}
