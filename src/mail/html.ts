// HTML by template: every value that is not itself such a template is escaped. Pure.

export type Html = { readonly markup: string };
type Value = Html | string | number | null | readonly Html[];

/** html`<p>${text}</p>` with the text escaped, for content and for attributes in double quotes alike. */
export function html(strings: TemplateStringsArray, ...values: Value[]): Html {
  const pieces = strings.map((text, index) => text + (index < values.length ? markupOf(values[index]) : ""));
  return { markup: pieces.join("") };
}

const ENTITIES: Record<string, string> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function markupOf(value: Value | undefined): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "string" || typeof value === "number") {
    return String(value).replace(/[&<>"']/g, (character) => ENTITIES[character] ?? "");
  }
  return "markup" in value ? value.markup : value.map((item) => item.markup).join("");
}
