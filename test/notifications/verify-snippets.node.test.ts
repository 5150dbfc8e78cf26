// The snippets that receivers copy take what we sign and refuse all else, each run by its own language where this
// machine has it: Node.js and Python must be here.

import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { newSigningSecret, signMessage } from "../../src/notifications/sign-message.ts";
import { VERIFY_SNIPPETS } from "../../src/notifications/verify-snippets.ts";

type Delivery = { secret: string; headers: Record<string, string>; body: string };

// Each reads a delivery as JSON from its first argument, and ends with 0 where it was taken.
const RUNS: Record<
  string,
  { command: string; args: string[]; file: string; before?: string; after: string }
> = {
  "Node.js": {
    command: process.execPath,
    args: [],
    file: "run.mjs",
    after: "const { secret, headers, body } = JSON.parse(process.argv[2]);\nverify(secret, headers, body);\n",
  },
  Python: {
    command: "python3",
    args: [],
    file: "run.py",
    after:
      'import sys\nmade = json.loads(sys.argv[1])\nverify(made["secret"], made["headers"], made["body"].encode())\n',
  },
  Go: {
    command: "go",
    args: ["run"],
    file: "run.go",
    after: `
func main() {
	var made struct{ Secret string; Headers map[string]string; Body string }
	if err := json.Unmarshal([]byte(os.Args[1]), &made); err != nil { panic(err) }
	headers := http.Header{}
	for name, value := range made.Headers { headers.Set(name, value) }
	if err := Verify(made.Secret, headers, []byte(made.Body)); err != nil { panic(err) }
}
`,
  },
  Ruby: {
    command: "ruby",
    args: [],
    file: "run.rb",
    after: 'made = JSON.parse(ARGV[0])\nverify(made["secret"], made["headers"], made["body"])\n',
  },
  PHP: {
    command: "php",
    args: [],
    file: "run.php",
    after:
      "$made = json_decode($argv[1], true);\nverify($made['secret'], $made['headers'], $made['body']);\n",
  },
};

const folder = mkdtempSync(join(tmpdir(), "quittance-snippets-"));
afterAll(() => rmSync(folder, { recursive: true }));

const isHere = (command: string) =>
  spawnSync("which", [command]).status === 0 || command === process.execPath;

function signed(options: { secret?: string; others?: string[]; atMs?: number } = {}): Delivery {
  const { secret = newSigningSecret(), others = [], atMs = Date.now() } = options;
  const body = JSON.stringify({ id: "msg_1", type: "invoice.paid", data: { name: "Zoë „x“ 日本" } });
  return { secret, headers: signMessage([secret, ...others], "msg_1", body, atMs), body };
}

/** Whether it was taken. */
function run(language: string, code: string, delivery: Delivery): boolean {
  const { command, args, file, after } = RUNS[language] ?? { command: "", args: [], file: "", after: "" };
  const path = join(folder, file);
  const whole =
    language === "Go"
      ? code
          .replace("package quittance", "package main")
          .replace("import (", 'import (\n\t"encoding/json"\n\t"os"')
      : code;
  writeFileSync(path, `${whole}\n${after}`);
  try {
    execFileSync(command, [...args, path, JSON.stringify(delivery)], { stdio: "pipe" });
    return true;
  } catch {
    return false;
  }
}

test("Node.js and Python are here", () => {
  expect(["Node.js", "Python"].filter((language) => !isHere(RUNS[language]?.command ?? ""))).toEqual([]);
  expect(VERIFY_SNIPPETS.map(({ language }) => language)).toEqual(Object.keys(RUNS));
});

const RUNNABLE = VERIFY_SNIPPETS.filter(({ language }) => isHere(RUNS[language]?.command ?? ""));

describe.each(RUNNABLE)("the snippet in $language", ({ language, code }) => {
  // Each delivery is a process of its own.
  test("takes what is ours, and nothing else", { timeout: 300_000 }, () => {
    const right = signed();
    const taken = (delivery: Delivery) => run(language, code, delivery);
    expect(taken(right)).toBe(true);
    expect(taken(signed({ others: [newSigningSecret()] }))).toBe(true);
    const rolled = signed({ others: [right.secret] });
    expect(taken({ ...rolled, secret: right.secret })).toBe(true);

    expect(taken({ ...right, secret: newSigningSecret() })).toBe(false);
    expect(taken({ ...right, body: `${right.body} ` })).toBe(false);
    expect(taken({ ...right, headers: { ...right.headers, "webhook-id": "msg_2" } })).toBe(false);
    expect(taken({ ...right, headers: { ...right.headers, "webhook-signature": "" } })).toBe(false);
    expect(taken({ ...right, headers: { ...right.headers, "webhook-timestamp": "x" } })).toBe(false);
    expect(taken({ ...right, headers: {} })).toBe(false);
    expect(taken(signed({ atMs: Date.now() - 10 * 60_000 }))).toBe(false);
    expect(taken(signed({ atMs: Date.now() + 10 * 60_000 }))).toBe(false);
  });
});
