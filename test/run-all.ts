// npm test: lint, types and every test, to the end even when one of them fails. The last line counts them
// all, `N passed, N failed`, and the exit code says whether anything failed. Arguments go to vitest.

import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { countTests } from "./count-tests.ts";

const root = join(import.meta.dirname, "..");
const env = {
  ...process.env,
  PATH: [join(root, "node_modules", ".bin"), process.env.PATH].join(delimiter),
  WRANGLER_SEND_METRICS: "false",
  WRANGLER_HIDE_BANNER: "true",
  WRANGLER_LOG_PATH: join(root, ".wrangler", "logs"),
};

const lint = await check("Lint", [["biome", "ci", "."]]);
const types = await check("Types", [
  ["wrangler", "types", "--check", "--strict-vars=false"],
  ["tsc", "--noEmit", "-p", "."],
]);
const tests = await runTests(process.argv.slice(2));
const counts = [lint, types, tests];
const passed = counts.reduce((sum, count) => sum + count.passed, 0);
const failed = counts.reduce((sum, count) => sum + count.failed, 0);
console.log(`\n${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);

async function check(
  title: string,
  commands: readonly string[][],
): Promise<{ passed: number; failed: number }> {
  console.log(`\n${title}`);
  let ok = true;
  for (const command of commands) ok = (await runCommand(command)) === 0 && ok;
  return { passed: ok ? 1 : 0, failed: ok ? 0 : 1 };
}

async function runTests(filters: readonly string[]): Promise<{ passed: number; failed: number }> {
  console.log("\nTests");
  const folder = await mkdtemp(join(tmpdir(), "quittance-tests-"));
  try {
    const report = join(folder, "report.json");
    const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
    const exitCode = await runCommand(["vitest", "run", ...reporters, ...filters]);
    return await countTests(report, exitCode);
  } finally {
    await rm(folder, { recursive: true });
  }
}

function runCommand([program = "", ...args]: readonly string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd: root, env, stdio: ["ignore", "inherit", "inherit"] });
    child.on("error", reject);
    child.on("exit", (code) => resolve(code ?? 1));
  });
}
