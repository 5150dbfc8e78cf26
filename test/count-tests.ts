// Counts what Vitest's JSON report tells. A test file that could not run, and a failure outside any test,
// count as failures too: a run that was not whole never looks whole.

import { readFile } from "node:fs/promises";
import { relative } from "node:path";
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
    z.object({
      name: z.string(),
      assertionResults: z.array(
        z.object({
          status: z.string(),
          fullName: z.string(),
          failureMessages: z.array(z.string()).nullish(),
        }),
      ),
    }),
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

/** The tests that were skipped, such as a snippet in a language that is not here: their files and titles. */
export async function testsNotRun(reportPath: string): Promise<string[]> {
  const found = await testsOf(reportPath, ["skipped", "pending"]);
  return found.map(({ named }) => named);
}

/** The tests that failed: their files and titles, and the first line of why. */
export async function testsFailed(reportPath: string): Promise<string[]> {
  const found = await testsOf(reportPath, ["failed"]);
  return found.map(({ named, why }) => (why ? `${named}: ${why}` : named));
}

async function testsOf(
  reportPath: string,
  statuses: readonly string[],
): Promise<{ named: string; why: string | undefined }[]> {
  const read = titled.safeParse(await readJson(reportPath));
  if (!read.success) return [];
  return read.data.testResults.flatMap(({ name, assertionResults }) =>
    assertionResults
      .filter(({ status }) => statuses.includes(status))
      .map(({ fullName, failureMessages }) => ({
        named: `${relative(process.cwd(), name)}: ${fullName}`,
        why: failureMessages?.[0]?.split("\n", 1)[0],
      })),
  );
}

async function readJson(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, "utf8"));
  } catch {
    // Vitest ended before it could write.
    return null;
  }
}
