// Counts what Vitest's JSON report tells. A test file that could not run, and a failure outside any test,
// count as failures too: a run that was not whole never looks whole.

import { readFile } from "node:fs/promises";
import * as z from "zod";

const report = z.object({
  numPassedTests: z.int(),
  numFailedTests: z.int(),
  testResults: z.array(
    z.object({ status: z.string(), assertionResults: z.array(z.object({ status: z.string() })) }),
  ),
});

const titled = z.object({
  testResults: z.array(
    z.object({ assertionResults: z.array(z.object({ status: z.string(), fullName: z.string() })) }),
  ),
});

/** @param exitCode Vitest's own, which also tells of errors that belong to no test */
export async function countTests(
  reportPath: string,
  exitCode: number,
): Promise<{ passed: number; failed: number }> {
  const read = report.safeParse(await readJson(reportPath));
  if (!read.success) return { passed: 0, failed: 1 };
  const { numPassedTests, numFailedTests, testResults } = read.data;
  const brokenFiles = testResults.filter(
    ({ status, assertionResults }) =>
      status === "failed" && !assertionResults.some((test) => test.status === "failed"),
  ).length;
  const failed = numFailedTests + brokenFiles;
  return { passed: numPassedTests, failed: failed === 0 && exitCode !== 0 ? 1 : failed };
}

/** The titles of the tests that were skipped, such as a snippet in a language that is not here. */
export async function titlesNotRun(reportPath: string): Promise<string[]> {
  const read = titled.safeParse(await readJson(reportPath));
  if (!read.success) return [];
  return read.data.testResults
    .flatMap(({ assertionResults }) => assertionResults)
    .filter(({ status }) => status === "skipped" || status === "pending")
    .map(({ fullName }) => fullName);
}

async function readJson(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, "utf8"));
  } catch {
    // Vitest ended before it could write.
    return null;
  }
}
