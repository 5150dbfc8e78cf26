// Reads CSV as RFC 4180 says, character by character: a second opinion on what the Worker writes.

export function parseCsv(text: string): string[][] {
  const rows: string[][] = [];
  let [row, cell, quoted] = [[] as string[], "", false];
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (quoted) {
      if (character !== '"') cell += character;
      else if (text[at + 1] === '"') cell += text[++at];
      else quoted = false;
    } else if (character === '"') quoted = true;
    else if (character === ",") [row, cell] = [[...row, cell], ""];
    else if (character === "\r" && text[at + 1] === "\n") {
      rows.push([...row, cell]);
      [row, cell] = [[], ""];
      at++;
    } else cell += character;
  }
  if (cell !== "" || row.length > 0) throw new Error("The last line does not end.");
  return rows;
}

/** The rows by the names in the first line, without the byte order mark. */
export function readCsv(text: string): Record<string, string>[] {
  const [names = [], ...rows] = parseCsv(text.replace(/^\uFEFF/, ""));
  return rows.map((row) => Object.fromEntries(names.map((name, index) => [name, row[index] ?? ""])));
}
