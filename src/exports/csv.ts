// Writes rows as CSV that a spreadsheet opens without harm: no cell of ours is taken for a formula, whatever a
// customer or a payer wrote in it (https://owasp.org/www-community/attacks/CSV_Injection). RFC 4180 otherwise.

export type Cell = string | number | boolean | null;

// Excel takes a file without it for one in the computer's old code page.
const BYTE_ORDER_MARK = "\uFEFF";

/** The line of names that a file begins with. */
export function csvHead(names: readonly string[]): string {
  return BYTE_ORDER_MARK + csvLines([names]);
}

/** A line for each row; empty for none. */
export function csvLines(rows: readonly (readonly Cell[])[]): string {
  return rows.map((row) => `${row.map(toField).join(",")}\r\n`).join("");
}

const MUST_BE_QUOTED = /[",\r\n]/;

function toField(cell: Cell): string {
  if (cell === null) return "";
  const text = typeof cell === "string" ? guarded(cell) : String(cell);
  return MUST_BE_QUOTED.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

const FORMULA = /^[=+\-@\t\r＝＋－＠]/;
// Where a semicolon separates columns (much of Europe), or a tab, what follows it within our cell is a cell of
// its own to the spreadsheet, whose quotes are then taken off. It matches on, formula or not: each character once.
const FORMULA_INSIDE = /([;\t\r\n]["\s]*)([=+\-@＝＋－＠]?)/g;
// Not every spreadsheet minds a space before a formula.
const FORMULA_BEHIND_SPACE = /^(?=[^\S\t\r]\s*[=+\-@＝＋－＠])/;
const DECIMAL_BELOW_ZERO = /^-\d+(\.\d+)?$/;

/** Text that begins like a formula gets an apostrophe before it; numbers below zero stay numbers. */
function guarded(text: string): string {
  if (DECIMAL_BELOW_ZERO.test(text)) return text;
  const inside = text.replace(FORMULA_INSIDE, (all, before: string, formula: string) =>
    formula === "" ? all : `${before}'${formula}`,
  );
  const behind = inside.replace(FORMULA_BEHIND_SPACE, "'");
  return FORMULA.test(behind) ? `'${behind}` : behind;
}
