import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";

const folder = import.meta.dirname;
const read = (...path: string[]) => readFileSync(join(folder, ...path), "utf8");

it("what its README quotes of the example stands in it, word for word", () => {
  const quoted = [...read("README.md").matchAll(/```ts\n(.*?)```/gs)].map(([, code = ""]) => code);
  const files = readdirSync(folder).filter((name) => name.endsWith(".ts") && !name.includes(".test."));
  const whole = files.map((name) => read(name)).join("\n");
  expect(quoted.length).toBeGreaterThan(1);
  for (const code of quoted) expect(whole).toContain(code);
});
