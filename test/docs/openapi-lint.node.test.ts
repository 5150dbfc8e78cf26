// The committed document passes a linter (redocly.yaml), and the reference's script is among the Worker's own assets.

import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, it } from "vitest";

const root = join(import.meta.dirname, "..", "..");
const redocly = join(root, "node_modules", "@redocly", "cli", "bin", "cli.js");

it("openapi.json has no fault and no warning by Redocly's strict rules", async () => {
  const ran = await promisify(execFile)(
    process.execPath,
    [redocly, "lint", "openapi.json", "--format=json"],
    {
      cwd: root,
      env: { ...process.env, REDOCLY_TELEMETRY: "off", REDOCLY_SUPPRESS_UPDATE_NOTICE: "true" },
      maxBuffer: 64 * 1024 * 1024,
    },
  ).catch((error: { stdout: string }) => error);
  expect(JSON.parse(ran.stdout)).toMatchObject({ totals: { errors: 0, warnings: 0 } });
});

it("the reference's script is the file that the page asks for, whole, with its licence beside it", async () => {
  const page = await readFile(join(root, "src", "docs", "reference-page.ts"), "utf8");
  const [, href = ""] = /SCRIPT_HREF = "([^"]+)"/.exec(page) ?? [];
  const script = await readFile(join(root, "assets", href), "utf8");
  expect(script).toContain("createApiReference");
  expect(script).not.toContain("sourceMappingURL=standalone");
  expect(await readFile(join(root, "assets", href.replace(/js$/, "LICENSE.txt")), "utf8")).toContain(
    "MIT License",
  );
});
