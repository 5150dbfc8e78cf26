import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { countTests, testsFailed, testsNotRun } from "./count-tests.ts";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "count-tests-"));
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

async function count(report: unknown, exitCode: number) {
  const path = join(folder, "report.json");
  await writeFile(path, typeof report === "string" ? report : JSON.stringify(report));
  return countTests(path, exitCode);
}

const passing = { status: "passed", assertionResults: [{ status: "passed" }] };

describe("the count of a test run", () => {
  it("is Vitest's own where every file ran", async () => {
    const failing = { status: "failed", assertionResults: [{ status: "failed" }, { status: "passed" }] };
    const report = { numPassedTests: 2, numFailedTests: 1, testResults: [passing, failing] };
    expect(await count(report, 1)).toEqual({ passed: 2, failed: 1 });
  });

  it("has a failure more for each file that could not run", async () => {
    const broken = { status: "failed", assertionResults: [] };
    const report = { numPassedTests: 1, numFailedTests: 0, testResults: [passing, broken, broken] };
    expect(await count(report, 1)).toEqual({ passed: 1, failed: 2 });
  });

  it("has a failure for an error that belongs to no test", async () => {
    const report = { numPassedTests: 1, numFailedTests: 0, testResults: [passing] };
    expect(await count(report, 1)).toEqual({ passed: 1, failed: 1 });
    expect(await count(report, 0)).toEqual({ passed: 1, failed: 0 });
  });

  it("is a failure where there is no report, or half of one", async () => {
    expect(await countTests(join(folder, "none.json"), 0)).toEqual({ passed: 0, failed: 1 });
    expect(await count('{"numPassedTests": 3', 0)).toEqual({ passed: 0, failed: 1 });
  });
});

it("a test that was skipped is named, and counts neither way", async () => {
  const path = join(folder, "report.json");
  const assertionResults = [
    { status: "passed", fullName: "one that ran" },
    { status: "skipped", fullName: "the snippet in Go NOT RUN" },
  ];
  const testResults = [{ name: resolve("test/docs/snippets.test.ts"), status: "passed", assertionResults }];
  await writeFile(path, JSON.stringify({ numPassedTests: 1, numFailedTests: 0, testResults }));
  expect(await testsNotRun(path)).toEqual(["test/docs/snippets.test.ts: the snippet in Go NOT RUN"]);
  expect(await testsFailed(path)).toEqual([]);
  expect(await countTests(path, 0)).toEqual({ passed: 1, failed: 0 });
});

it("a test that failed is named with its file and the first line of why", async () => {
  const path = join(folder, "report.json");
  const assertionResults = [
    { status: "passed", fullName: "one that held", failureMessages: [] },
    { status: "failed", fullName: "one that did not", failureMessages: ["Error: 2, not 1\n    at there"] },
  ];
  const testResults = [{ name: resolve("test/some.test.ts"), status: "failed", assertionResults }];
  await writeFile(path, JSON.stringify({ numPassedTests: 1, numFailedTests: 1, testResults }));
  expect(await testsFailed(path)).toEqual(["test/some.test.ts: one that did not: Error: 2, not 1"]);
  expect(await testsNotRun(path)).toEqual([]);
});
