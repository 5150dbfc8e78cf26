// What the documents name of the code is there, and the README's walks lead through it from caller to called.

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { expect, test } from "vitest";

const root = join(import.meta.dirname, "..", "..");
const read = (path: string) => readFileSync(join(root, path), "utf8");
const filesIn = (folder: string) =>
  readdirSync(join(root, folder), { recursive: true, encoding: "utf8" }).map((name) => join(folder, name));
const documents = [
  ...["README.md", "CONTRIBUTING.md", "SECURITY.md"],
  ...filesIn("docs").filter((name) => name.endsWith(".md")),
];

/** By which a walk is come into: nothing above it calls it. */
const ENTRANCES = ["src/index.ts", "src/app.ts", "src/queue.ts"];
const LEDGER_CLIENT = "src/ledger/client.ts";

const README = read("README.md");
const walks = README.slice(README.indexOf("## Two walks"), README.indexOf("## The house")).split("\n### ");

test.each(walks.slice(1).map((walk) => [walk.split("\n")[0] ?? "", walk] as const))(
  "walk: %s: each file is called by one above it, or by what that one calls",
  (_, walk) => {
    const files = linksOf(walk).map(({ target }) => target);
    expect(files.length).toBeGreaterThan(10);
    const lost = files.filter((file, index) => {
      if (ENTRANCES.includes(file) || files.indexOf(file) < index) return false;
      const above = files.slice(0, index);
      return !above.some((one) =>
        calledBy(one).some((next) => next === file || calledBy(next).includes(file)),
      );
    });
    expect(lost).toEqual([]);
  },
);

/** The files that a file imports for more than their types; a call of the ledger's client ends in one of its verbs. */
function calledBy(file: string): string[] {
  if (!file.startsWith("src/") || !existsSync(join(root, file))) return [];
  const imports = read(file).matchAll(/^import (?!type)([^;]*?) from "(\.[^"]+)";/gms);
  const files = Array.from(imports, ([, names = "", path = ""]) => ({ names, path }))
    .filter(({ names }) => names.replaceAll(/\btype \w+/g, "").match(/\w/))
    .map(({ path }) => join(dirname(file), path));
  const asksLedger = file === LEDGER_CLIENT || files.includes(LEDGER_CLIENT);
  return asksLedger ? [...files, "src/ledger/ledger.ts", ...calledBy("src/ledger/verbs.ts")] : files;
}

test.each(documents)("%s calls each file that it leads to by its name", (document) => {
  const named = linksOf(read(document)).filter(({ words }) => /^\S+\.tsx?$/.test(words));
  const wrong = named.filter(({ words, target }) => basename(words) !== basename(target));
  expect(wrong).toEqual([]);
});

type Link = { words: string; target: string };

function linksOf(text: string): Link[] {
  return [
    ...text.matchAll(/\[`?([^[\]`]+)`?\]\(((?:\.\.\/)?(?:src|test|tools|client)\/[^()\s#]+\.tsx?)\)/g),
  ].map(([, words = "", target = ""]) => ({ words, target: target.replace(/^\.\.\//, "") }));
}

const sources = [
  ...["src", "client", "tools", "test", "migrations"]
    .flatMap(filesIn)
    .filter((name) => /\.(tsx?|sql)$/.test(name)),
  ...["wrangler.toml", "package.json", "openapi.json", ".dev.vars.example"],
].filter((name) => name !== join("test", "docs", basename(import.meta.filename)));

test("every name of the code that a document quotes is in the code", () => {
  const known = new Set(sources.flatMap((name) => read(name).match(/\w+/g) ?? []));
  const unknown = documents.flatMap((document) =>
    quotesOf(read(document))
      .flatMap((quote) => quote.match(/\b(?:[A-Za-z]\w*_\w+|[a-z]+(?:[A-Z][a-z0-9]*)+)\b/g) ?? [])
      .filter((name) => !known.has(name))
      .map((name) => `${document}: ${name}`),
  );
  expect(unknown).toEqual([]);
});

/** Stripe sends the browser there: a page, and no call. */
const PAGE_OF_CONNECT = "GET /connect/callback";

test("every call that a document quotes is one of the API's", () => {
  const { paths } = JSON.parse(read("openapi.json")) as { paths: Record<string, object> };
  const known = new Set(
    Object.entries(paths).flatMap(([path, item]) =>
      Object.keys(item).map((method) => `${method.toUpperCase()} ${shapeOf(path)}`),
    ),
  );
  const quoted = documents.flatMap((document) =>
    quotesOf(read(document)).flatMap((quote) => {
      const [, method = "", path = ""] = /^(GET|POST|PUT|PATCH|DELETE) (\/[\w/{}.-]+)/.exec(quote) ?? [];
      return method === "" || path.startsWith("/_sandbox") ? [] : [`${method} ${shapeOf(path)}`];
    }),
  );
  expect(quoted.length).toBeGreaterThan(20);
  expect(quoted.filter((call) => !known.has(call) && call !== PAGE_OF_CONNECT)).toEqual([]);
});

/** What a document has in code quotes; its blocks are run elsewhere. */
function quotesOf(text: string): string[] {
  return Array.from(
    text.replaceAll(/^```.*?^```/gms, "").matchAll(/`([^`\n]+)`/g),
    ([, quote = ""]) => quote,
  );
}

/** `/api/v1/invoices/{id}` and `/invoices/{invoice_id}` -> `/invoices/{}`. */
function shapeOf(path: string): string {
  return path.replace(/^\/api\/v1(?=\/)/, "").replaceAll(/\{\w+\}/g, "{}");
}
