import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";

const root = join(import.meta.dirname, "..", "..");

it("the client's types are of the openapi.json that is committed: npm run openapi", async () => {
  const hash = createHash("sha256")
    .update(await readFile(join(root, "openapi.json")))
    .digest("hex");
  const [head] = (await readFile(join(root, "client", "openapi.generated.ts"), "utf8")).split("\n");
  expect(head).toContain(hash);
});
