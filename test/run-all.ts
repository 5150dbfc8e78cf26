// npm test: lint, types and every test, to the end even when one of them fails. The last line counts them
// all, `N passed, N failed`, and the exit code says whether anything failed. Arguments go to vitest.

import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { countTests, testsFailed, testsNotRun } from "./count-tests.ts";

// No test takes as long as this; a run that says nothing for longer will never end.
const SILENCE_MS = 5 * 60_000;

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

const root = join(import.meta.dirname, "..");
const env = {
  ...process.env,
  PATH: [join(root, "node_modules", ".bin"), process.env.PATH].join(delimiter),
  ...(process.stdout.isTTY && { FORCE_COLOR: "1" }),
  WRANGLER_SEND_METRICS: "false",
  WRANGLER_HIDE_BANNER: "true",
  WRANGLER_LOG_PATH: join(root, ".wrangler", "logs"),
};

const lint = await check("Lint", [["biome", "ci", "."]]);
const types = await check("Types", [
  ["wrangler", "types", "--check", "--include-runtime=false", "--strict-vars=false"],
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
    for (const test of await testsNotRun(report)) console.log(`Not run: ${test}`);
    for (const test of await testsFailed(report)) console.log(`Failed: ${test}`);
    return await countTests(report, exitCode);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Runs one of the project's programs and passes its output on. One that falls silent is killed: 1. */
function runCommand([program = "", ...args]: readonly string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    // In a process group of its own, so that what it started is ended with it.
    const child = spawn(program, args, { cwd: root, env, stdio: ["ignore", "pipe", "pipe"], detached: true });
    const timer = setTimeout(() => {
      console.error(`\n${program} said nothing for ${SILENCE_MS / 60_000} minutes and was killed.`);
      killGroup(child);
    }, SILENCE_MS);
    for (const [from, to] of [
      [child.stdout, process.stdout],
      [child.stderr, process.stderr],
    ] as const) {
      from.on("data", () => timer.refresh());
      from.pipe(to, { end: false });
    }
    function stop(): never {
      killGroup(child);
      process.exit(130);
    }
    for (const signal of SIGNALS) process.once(signal, stop);
    child.on("error", reject);
    child.on("close", (code) => {
      clearTimeout(timer);
      for (const signal of SIGNALS) process.off(signal, stop);
      resolve(code ?? 1);
    });
  });
}

function killGroup(child: ChildProcess): void {
  try {
    if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
  } catch {
    // It has ended by itself meanwhile.
  }
}
