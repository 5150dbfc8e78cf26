// What a browser complains of while a scenario is played is a fault of it: errors and warnings in the console (which
// is where Chromium says what a policy forbade), exceptions of a page's script, requests that failed.

import type { BrowserContext } from "playwright-core";

/**
 * @param refusals statuses of answers that the scenario asks for on purpose, such as 422 for a wrong form; any other
 *   from 400 is a fault, as Chromium logs it as one
 * @returns the faults up to now, a sentence each
 */
export function watchFaults(context: BrowserContext, refusals: readonly number[] = []): readonly string[] {
  const faults: string[] = [];
  context.on("console", (message) => {
    if (message.type() !== "error" && message.type() !== "warning") return;
    const status = Number(/server responded with a status of (\d+)/.exec(message.text())?.[1]);
    if (refusals.includes(status)) return;
    faults.push(
      `The console of ${message.page()?.url()} says: ${message.text()} (${message.location().url})`,
    );
  });
  context.on("weberror", (webError) => {
    faults.push(`An exception in ${webError.page()?.url()}: ${webError.error().message}`);
  });
  context.on("requestfailed", (request) => {
    const why = request.failure()?.errorText ?? "it failed";
    // Whoever leaves a page breaks off what it still asked for, and a download is no page.
    if (why !== "net::ERR_ABORTED") faults.push(`${request.method()} ${request.url()}: ${why}`);
  });
  return faults;
}
