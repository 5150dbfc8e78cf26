import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { FOLLOWED } from "../e2e/follow-the-guides.ts";

const GUIDES = join(import.meta.dirname, "..", "..", "src", "docs", "guides");

test("every guide that has commands is followed in test:e2e, command by command", () => {
  const withCommands = readdirSync(GUIDES).filter((file) =>
    /^```sh$/m.test(readFileSync(join(GUIDES, file), "utf8")),
  );
  expect([...FOLLOWED].sort()).toEqual(withCommands.map((file) => file.replace(/\.md$/, "")).sort());
});
