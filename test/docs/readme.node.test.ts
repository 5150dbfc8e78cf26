import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { README, withTables } from "./readme-tables.ts";

test("the README's tables say what the code does; `npm run readme` writes them", async () => {
  const readme = await readFile(README, "utf8");
  expect(readme).toBe(withTables(readme));
});
