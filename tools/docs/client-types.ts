// The second half of npm run openapi: writes the client's types out of openapi.json. openapi-typescript runs on
// TypeScript 5 alone, beside which ours cannot be installed, so npx brings both for this one run.

import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dirname, "..", "..");
const target = join(root, "client", "openapi.generated.ts");
const packages = ["openapi-typescript@7.13.0", "typescript@5.9.3"].flatMap((name) => ["-p", name]);

execFileSync("npx", ["--yes", ...packages, "openapi-typescript", join(root, "openapi.json"), "-o", target], {
  cwd: root,
  stdio: ["ignore", "ignore", "inherit"],
});
const of = createHash("sha256")
  .update(readFileSync(join(root, "openapi.json")))
  .digest("hex");
writeFileSync(
  target,
  `// Made by npm run openapi. sha256 of openapi.json: ${of}\n\n${readFileSync(target, "utf8")}`,
);
