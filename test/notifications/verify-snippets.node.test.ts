// The snippets that receivers copy take what we sign and refuse all else, each run by its own language. One that this
// machine does not have is skipped by name; Node.js and Python must be here, and `.ci/run` installs the others.

import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { newSigningSecret, signMessage } from "../../src/notifications/sign-message.ts";
import { VERIFY_SNIPPETS } from "../../src/notifications/verify-snippets.ts";

type Delivery = { secret: string; headers: Record<string, string>; body: string };

// Each reads a delivery as JSON from its first argument, and ends with 0 where it was taken.
const RUNS: Record<string, { command: string; file: string; after: string; build?: string[] }> = {
  "Node.js": {
    command: process.execPath,
    file: "run.mjs",
    after: "const { secret, headers, body } = JSON.parse(process.argv[2]);\nverify(secret, headers, body);\n",
  },
  Python: {
    command: "python3",
    file: "run.py",
    after:
      'import sys\nmade = json.loads(sys.argv[1])\nverify(made["secret"], made["headers"], made["body"].encode())\n',
  },
  Go: {
    command: "go",
    file: "run.go",
    build: ["build", "-o"],
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
    file: "run.rb",
    after: 'made = JSON.parse(ARGV[0])\nverify(made["secret"], made["headers"], made["body"])\n',
  },
  PHP: {
    command: "php",
    file: "run.php",
    after:
      "$made = json_decode($argv[1], true);\nverify($made['secret'], $made['headers'], $made['body']);\n",
  },
};

const folder = mkdtempSync(join(tmpdir(), "quittance-snippets-"));
afterAll(() => rmSync(folder, { recursive: true }));

const isHere = (command: string) =>
  command === process.execPath || spawnSync("which", [command]).status === 0;

function runOf(language: string) {
  const found = RUNS[language];
  if (found === undefined) throw new Error(`Nobody has said how ${language} is run.`);
  return found;
}

function signed(options: { secret?: string; others?: string[]; atMs?: number } = {}): Delivery {
  const { secret = newSigningSecret(), others = [], atMs = Date.now() } = options;
  const body = JSON.stringify({ id: "msg_1", type: "invoice.paid", data: { name: "Zoë „x“ 日本" } });
  return { secret, headers: signMessage([secret, ...others], "msg_1", body, atMs), body };
}

/** Writes the snippet as a program. @returns how it is run */
function programOf(language: string, code: string): readonly [command: string, ...args: string[]] {
  const { command, file, after, build } = runOf(language);
  const path = join(folder, file);
  const whole = code
    .replace("package quittance", "package main")
    .replace("import (", 'import (\n\t"encoding/json"\n\t"os"');
  writeFileSync(path, `${language === "Go" ? whole : code}\n${after}`);
  if (build === undefined) return [command, path];
  const made = join(folder, "run");
  execFileSync(command, [...build, made, path], {
    stdio: "pipe",
    env: { ...process.env, GOCACHE: join(folder, "cache"), GOFLAGS: "-mod=mod", GOTOOLCHAIN: "local" },
  });
  return [made];
}

test("Node.js and Python are here", () => {
  expect(["Node.js", "Python"].filter((language) => !isHere(runOf(language).command))).toEqual([]);
  expect(VERIFY_SNIPPETS.map(({ language }) => language)).toEqual(Object.keys(RUNS));
});

describe.each(VERIFY_SNIPPETS)("the snippet in $language", ({ language, code }) => {
  const { command } = runOf(language);
  const missing = !isHere(command);
  const title = missing
    ? `NOT RUN, there is no ${command} on this machine`
    : "takes what is ours, and nothing else";
  // Each delivery is a process of its own.
  test.skipIf(missing)(title, { timeout: 300_000 }, () => {
    const [program, ...args] = programOf(language, code);
    const taken = (delivery: Delivery) =>
      spawnSync(program, [...args, JSON.stringify(delivery)]).status === 0;
    const right = signed();
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
