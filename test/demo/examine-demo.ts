// The doctor's look at the demo, as `npm run doctor` takes it.

import { examine } from "../../tools/doctor/examine.ts";
import { type Finding, toLines } from "../../tools/doctor/report.ts";
import type { DemoTenant } from "./prepare-tenant.ts";
import type { Stack } from "./start-stack.ts";

/** @throws Error with what is not green */
export async function examineDemo(stack: Stack, { apiKey }: DemoTenant): Promise<string> {
  const found: Finding[] = [];
  const patient = {
    ...{ url: stack.worker, rootToken: stack.rootToken, apiKeys: [apiKey], patienceMs: 60_000 },
    // The sandbox makes the account that a key names.
    ...{ stripeKey: "sk_test_doctor_4242", wholeFlow: true, receiver: { url: null, port: 0 } },
    say: () => {},
  };
  await examine(patient, (finding) => found.push(finding));
  const ill = found.filter(({ state }) => state !== "green");
  if (ill.length > 0) throw new Error(ill.map((finding) => toLines(finding, false)).join("\n"));
  return `${found.length} checks green`;
}
