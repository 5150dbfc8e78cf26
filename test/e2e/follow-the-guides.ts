// The guides, followed as they are written: each block marked `sh` is given to bash, in the order of the guides and in
// one shell, and every answer has to be a 2xx. A `json` block after one shows a part of the last answer, which has to
// be there; a value that ends in … stands for any that begins so. What only runs elsewhere is marked `bash`.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Stack } from "../demo/start-stack.ts";
import type { Scenario } from "./scenario.ts";

/** The quickstart makes the environment and the key that the others go on with. */
export const FOLLOWED =
  "quickstart stripe-setup test-cards payments refunds dunning checkout tenants conventions notifications troubleshooting operations security".split(
    " ",
  );
const PATIENCE_MS = 180_000;

type Block = { guide: string; code: string; shown: unknown };

export const followTheGuides: Scenario = {
  title: "The guides' commands, run as they are written",
  async play(_page, stack) {
    const texts = await Promise.all(FOLLOWED.map((slug) => readGuide(stack, slug)));
    const blocks = texts.flatMap((text, index) => blocksOf(FOLLOWED[index] ?? "", text));
    assert.ok(blocks.length >= FOLLOWED.length);
    const outputs = await runInOneShell(stack, blocks);
    for (const [index, { guide, code, shown }] of blocks.entries()) {
      if (shown === undefined) continue;
      const output = outputs[index] ?? "";
      const answer = JSON.parse(output.trim().split("\n").at(-1) ?? "");
      assert.ok(
        has(answer, shown),
        `${guide}: after\n${code}\n${JSON.stringify(shown)} is not in\n${output}`,
      );
    }
  },
};

/** As a reader gets it, with this run's addresses. */
async function readGuide({ worker, sandbox }: Stack, slug: string): Promise<string> {
  const response = await fetch(`${worker}/docs/${slug}.md`);
  assert.equal(response.status, 200, slug);
  const text = await response.text();
  return text.replaceAll("http://127.0.0.1:8787", worker).replaceAll("http://127.0.0.1:12111", sandbox);
}

function blocksOf(guide: string, text: string): Block[] {
  const found = text.matchAll(/^```sh\n(.*?)^```\n(?:\n```json\n(.*?)^```\n)?/gms);
  return [...found].map(([, code = "", shown]) => ({
    guide,
    code,
    shown: shown === undefined ? undefined : JSON.parse(shown),
  }));
}

/** @returns what each block has printed @throws Error with what was printed until one failed */
async function runInOneShell({ paths }: Stack, blocks: readonly Block[]): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), "guides-"));
  try {
    // Whatever is refused ends the run, and is shown: https://curl.se/docs/manpage.html#--fail-with-body
    await writeFile(join(folder, ".curlrc"), 'fail-with-body\nsilent\nshow-error\nwrite-out = "\\n"\n');
    // What a block leaves running ends with the shell, however that ends.
    const script = [
      "trap 'kill $(jobs -p) 2>/dev/null || true' EXIT",
      ...blocks.map(({ code }, index) => `exec >"$CURL_HOME/${index}.out"\n${code}`),
    ].join("\n");
    const env = { ...process.env, CURL_HOME: folder };
    const options = { cwd: paths.root, env, timeout: PATIENCE_MS };
    const failed = await promisify(execFile)("bash", ["-euo", "pipefail", "-c", script], options).then(
      () => null,
      (error: Error & { stderr?: string }) => error.stderr || error.message,
    );
    const read = blocks.map((_, index) => readFile(join(folder, `${index}.out`), "utf8").catch(() => null));
    const outputs = await Promise.all(read);
    const last = outputs.findLastIndex((output) => output !== null);
    assert.equal(failed, null, `${blocks[last]?.guide}:\n${blocks[last]?.code}\n${outputs[last]}\n${failed}`);
    return outputs.map((output) => output ?? "");
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Whether all that is shown is in the answer; of a list, one element for each that is shown. */
function has(answer: unknown, shown: unknown): boolean {
  if (typeof shown === "string" && shown.endsWith("…"))
    return typeof answer === "string" && answer.startsWith(shown.slice(0, -1));
  if (typeof shown !== "object" || shown === null || typeof answer !== "object" || answer === null)
    return answer === shown;
  if (Array.isArray(shown))
    return Array.isArray(answer) && shown.every((one) => answer.some((other) => has(other, one)));
  const known = new Map<string, unknown>(Object.entries(answer));
  return Object.entries(shown).every(([name, value]) => has(known.get(name), value));
}
