// No regular expression in src takes longer than linear time, whatever text it meets: each is found in the source and
// looked at by static analysis (https://github.com/RunDevelopment/scslre), which knows the attack texts of those that do.

import { globSync, readFileSync } from "node:fs";
import { analyse } from "scslre";
import { expect, test } from "vitest";
import { parseAst } from "vitest/node";

type Found = { file: string; source: string; flags: string };

/** Each literal, and each `new RegExp` of a text that says it whole. */
function expressionsOf(file: string): { literals: Found[]; made: string[] } {
  const code = readFileSync(file, "utf8");
  const literals: Found[] = [];
  const made: string[] = [];
  walk(parseAst(code, { lang: file.endsWith("x") ? "tsx" : "ts" }, file), (node) => {
    if (node.type === "Literal" && node.regex) {
      const { pattern, flags } = node.regex;
      literals.push({ file, source: pattern, flags });
    }
    if (node.type === "NewExpression" && node.callee?.name === "RegExp")
      made.push(`${file} ${code.slice(node.start, node.end)}`);
  });
  return { literals, made };
}

type Node = {
  type?: string;
  regex?: { pattern: string; flags: string };
  callee?: { name?: string };
  start?: number;
  end?: number;
};

function walk(value: unknown, visit: (node: Node) => void): void {
  if (typeof value !== "object" || value === null) return;
  if (!Array.isArray(value)) visit(value);
  for (const child of Object.values(value)) walk(child, visit);
}

function slow({ source, flags }: Pick<Found, "source" | "flags">): string[] {
  return analyse({ source, flags }).reports.map(({ type, exponential }) =>
    exponential ? "exponential" : `polynomial (${type})`,
  );
}

const found = globSync("src/**/*.{ts,tsx}").map(expressionsOf);

test("no expression in the source is worse than linear", () => {
  const literals = found.flatMap(({ literals: ofFile }) => ofFile);
  expect(literals.length).toBeGreaterThan(100);
  const faults = literals.flatMap((one) =>
    slow(one).map((how) => `${one.file}: /${one.source}/${one.flags} is ${how}`),
  );
  expect(faults).toEqual([]);
});

// Put together of numbers of ours; each is a class repeated so often, which has but one way to match.
const MADE = [/^src\/platform\/mail-reference\.ts /, /^src\/platform\/payment-url\.ts /];

test("an expression is written out where it is used, so that it can be looked at", () => {
  const made = found.flatMap(({ made: ofFile }) => ofFile);
  expect(made.filter((one) => !MADE.some((known) => known.test(one)))).toEqual([]);
  expect(made.length).toBe(MADE.length);
});

test.each([
  ["^(a+)+$", "exponential"],
  ["^(?:[;\\s]|\\s*)*=", "exponential"],
  ["\\s+$", "polynomial (Move)"],
  ["<.*>", "polynomial (Move)"],
  ["^\\s*(?:\\s*,)?\\s*$", "polynomial (Trade)"],
])("%s is found out", (source, how) => {
  expect(slow({ source, flags: "" })).toContain(how);
});
