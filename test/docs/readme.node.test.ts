import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { EVENTS_FILE, withTables } from "./readme-tables.ts";

const root = join(import.meta.dirname, "..", "..");
const documents = [
  ...["README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md", "test/examples/saas-app/README.md"],
  ...readdirSync(join(root, "docs"))
    .filter((name) => name.endsWith(".md"))
    .map((name) => `docs/${name}`),
];
const read = (path: string) => readFileSync(join(root, path), "utf8");

/** As GitHub names them: `## When something is wrong` -> `when-something-is-wrong`. */
function headingsOf(text: string): string[] {
  return [...text.matchAll(/^#+ (.+)$/gm)].map(([, title = ""]) =>
    title
      .toLowerCase()
      .replaceAll(/[^\w\- ]/g, "")
      .replaceAll(" ", "-"),
  );
}

test("the tables of events say what the code does; `npm run readme` writes them", () => {
  const events = readFileSync(EVENTS_FILE, "utf8");
  expect(events).toBe(withTables(events));
});

test.each(documents)("every file, picture and heading that %s leads to is there", (path) => {
  const links = [...read(path).matchAll(/\]\((?!https?:|\/)([^)\s]+)\)/g)].map(([, link = ""]) => link);
  for (const link of links) {
    const [file = "", heading] = link.split("#");
    const target = file === "" ? path : join(dirname(path), file);
    expect([link, existsSync(join(root, target))]).toEqual([link, true]);
    if (heading !== undefined)
      expect([link, headingsOf(read(target))]).toEqual([link, expect.arrayContaining([heading])]);
  }
});
