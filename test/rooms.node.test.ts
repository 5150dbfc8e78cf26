import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { findTwins } from "./names.ts";
import { findBreaches, ROOMS } from "./rooms.ts";

const root = join(import.meta.dirname, "..");

describe("the order of rooms", () => {
  it("holds in all of src", () => {
    const files = sources();
    expect(files.size).toBeGreaterThan(100);
    expect(findBreaches(files)).toEqual([]);
  });

  it("is the README's", () => {
    const folders = ROOMS.filter((rooms) => !rooms.includes("other files of src"));
    const order = folders.map((rooms) => rooms.join(", ")).join(" → ");
    expect(readFileSync(join(root, "README.md"), "utf8")).toContain(`\`${order}\``);
  });

  it.each([
    ["to the left", "src/http/list.ts", 'import { a } from "../directory/access.ts";'],
    ["to the left, over lines", "src/http/list.ts", 'import {\n  a,\n  b,\n} from "../directory/access.ts";'],
    ["to the left, for a type", "src/platform/ids.ts", 'import type { A } from "../http/list.ts";'],
    ["to the left, passed on", "src/platform/ids.ts", 'export * from "../http/list.ts";'],
    ["to the left, later", "src/platform/ids.ts", 'const a = import("../http/list.ts");'],
    ["beside it", "src/checkout/store.ts", 'import { a } from "../payments/store.ts";'],
    ["above it", "src/docs/prose.tsx", 'import { a } from "../health.ts";'],
    ["of the tests", "src/health.ts", 'import { a } from "../test/setup.ts";'],
    ["of the ledger's inside", "src/invoices/routes.ts", 'import { a } from "../ledger/verbs.ts";'],
    ["of the ledger's class", "src/app.ts", 'import { Ledger } from "./ledger/ledger.ts";'],
    [
      "of the ledger's door from platform",
      "src/platform/ids.ts",
      'import { ledger } from "../ledger/client.ts";',
    ],
    ["from within the ledger", "src/ledger/verbs.ts", 'import { a } from "../http/list.ts";'],
  ])("refuses an import %s", (_, path, text) => {
    expect(findBreaches(new Map([[path, text]]))).toHaveLength(1);
  });

  it.each([
    ["to the right", "src/http/list.ts", 'import { a } from "../platform/ids.ts";'],
    ["of its own room", "src/dashboard/pages/mail.tsx", 'import { a } from "../hrefs.ts";'],
    ["of a package", "src/http/list.ts", 'import * as z from "zod";'],
    ["of the ledger's door", "src/invoices/routes.ts", 'import { ledger } from "../ledger/client.ts";'],
    [
      "of the ledger's door for the deps",
      "src/platform/deps.ts",
      'import { ledger } from "../ledger/client.ts";',
    ],
    ["of the ledger's types", "src/invoices/routes.ts", 'import type { Verbs } from "../ledger/verbs.ts";'],
    ["of the ledger's class at the entry", "src/index.ts", 'export { Ledger } from "./ledger/ledger.ts";'],
  ])("takes an import %s", (_, path, text) => {
    expect(findBreaches(new Map([[path, text]]))).toEqual([]);
  });

  it("has a place for every folder", () => {
    expect(findBreaches(new Map([["src/attic/old.ts", ""]]))).toHaveLength(1);
  });
});

describe("the ledger", () => {
  it.each(["async function a() {}", "  await b;", "let a: Promise<void>;"])("does not wait: %s", (text) => {
    expect(findBreaches(new Map([["src/ledger/invoices/finalize.ts", text]]))).toHaveLength(1);
  });

  it("waits in the object itself and its door, and speaks of it in comments", () => {
    const waits = "async function a() { await b; }";
    const speaks = "// no Promise here\n/** Never async. */\nconst a = 1; // await nothing";
    const files = { "ledger.ts": waits, "client.ts": waits, "verbs.ts": speaks };
    const paths = Object.entries(files).map(([name, text]) => [`src/ledger/${name}`, text] as const);
    expect(findBreaches(new Map(paths))).toEqual([]);
  });
});

describe("an exported name", () => {
  it("is one thing in all of src", () => {
    expect(findTwins(sources())).toEqual([]);
  });

  it("that two files export is told of", () => {
    const files = new Map([
      ["src/a.ts", "export async function find() {}\nexport type Row = {};\nconst own = 1;"],
      ["src/b.ts", "export const find = 1;\nexport type Rows = {};\nconst own = 1;"],
    ]);
    expect(findTwins(files)).toEqual(["find in src/a.ts, src/b.ts"]);
  });
});

function sources(): Map<string, string> {
  const paths = readdirSync(join(root, "src"), { recursive: true, encoding: "utf8" });
  const files = paths.filter((path) => /\.tsx?$/.test(path)).map((path) => `src/${path}`);
  return new Map(files.map((path) => [path, readFileSync(join(root, path), "utf8")]));
}
