// The mail to whoever looks after the installation: what needs a person, and what is over. Pure.

import { html } from "./html.ts";
import { MAX_SUBJECT, type MailContent } from "./mail-content.ts";
import { mailPage, paragraph } from "./mail-layout.ts";
import { shortLine } from "./plain-text.ts";

type Told = { words: string; sinceMs: number };

/** @param publicUrl where the deployment is; null where it is not known */
export function renderOperatorMail(
  publicUrl: string | null,
  begun: readonly Told[],
  healed: readonly Told[],
): MailContent {
  const at = publicUrl === null ? "" : ` at ${new URL(publicUrl).host}`;
  const [first = healed[0]] = begun;
  const more = begun.length + healed.length - 1;
  const subject = `${begun.length > 0 ? "Needs you" : "Over"}${at}: ${first?.words ?? ""}${more > 0 ? ` (and ${more} more)` : ""}`;
  const sections = [
    { title: "Needs a person", rows: begun },
    { title: "Over", rows: healed },
  ].filter(({ rows }) => rows.length > 0);
  const lineOf = ({ words, sinceMs }: Told) => `${words} Since ${new Date(sinceMs).toISOString()}.`;
  const text = sections.map(({ title, rows }) =>
    [title, "", ...rows.map((row) => `- ${lineOf(row)}`)].join("\n"),
  );
  const body = sections.map(
    ({ title, rows }) =>
      html`${paragraph(html`<strong>${title}</strong>`)}${rows.map((row) => paragraph(lineOf(row)))}`,
  );
  return {
    subject: shortLine(subject, MAX_SUBJECT),
    text: `${text.join("\n\n")}\n`,
    html: mailPage({ language: "en", title: "Quittance", preview: first?.words ?? "", body: html`${body}` }),
  };
}
