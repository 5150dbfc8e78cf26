// The README's quickstart, run as it is written: its lines by a shell, from the root token to the paid invoice.

import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Stack } from "./start-stack.ts";

const PATIENCE_MS = 120_000;
const WRITTEN = { worker: "http://127.0.0.1:8787", sandbox: "http://127.0.0.1:12111" };

/**
 * Only what differs from machine to machine is put in: other ports, and a tenant that no earlier run has made.
 * @throws Error with what the shell said, where a line fails or the invoice is not paid
 */
export async function runQuickstart(stack: Stack): Promise<string> {
  const lines = quickstartOf(await readFile(join(stack.paths.root, "README.md"), "utf8"));
  const own = `acme${Date.now()}`;
  const script = lines
    .replaceAll(WRITTEN.worker, stack.worker)
    .replaceAll(WRITTEN.sandbox, stack.sandbox)
    .replaceAll(/(tenant_|env_|sk_test_)acme/g, `$1${own}`);
  const { stdout } = await promisify(execFile)("bash", ["-euo", "pipefail", "-c", script], {
    cwd: stack.paths.root,
    timeout: PATIENCE_MS,
  });
  const paid = /"object":"payment".*"status":"succeeded"/.test(stdout);
  if (!paid || stdout.includes('"code":')) throw new Error(`The README's quickstart ended with:\n${stdout}`);
  return `${lines.match(/curl/g)?.length} calls, one invoice paid`;
}

/** The shell's lines between the heading and the next. */
function quickstartOf(readme: string): string {
  const section = readme.split("\n## Quickstart\n")[1]?.split("\n## ")[0] ?? "";
  const blocks = [...section.matchAll(/```sh\n(.*?)```/gs)].map(([, code = ""]) => code);
  if (blocks.length === 0) throw new Error("The README has no quickstart.");
  return blocks.join("\n");
}
