import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { buttonAlone, deployButton, MADE, withParts } from "./readme-tables.ts";

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

test.each(Object.keys(MADE))(
  "what is made of %s is as the code has it; `npm run readme` writes it",
  async (file) => {
    expect(read(file)).toBe(await withParts(file));
  },
);

test("the deploy button leads to the repository of package.json, and to none that nobody has named", () => {
  for (const repository of [
    "github:acme/quittance",
    "https://github.com/acme/quittance",
    { url: "git+https://github.com/acme/quittance.git" },
    { url: "git@github.com:acme/quittance.git" },
  ]) {
    const there = "(https://deploy.workers.cloudflare.com/?url=https://github.com/acme/quittance)";
    expect(deployButton({ repository }).join()).toContain(there);
    expect(buttonAlone({ repository })).toEqual(deployButton({ repository }));
  }
  for (const none of [{}, { repository: "" }, { repository: "https://git.acme.example/quittance" }]) {
    expect(deployButton(none).join()).not.toContain("deploy.workers.cloudflare.com");
    expect(buttonAlone(none)).toEqual([]);
  }
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
