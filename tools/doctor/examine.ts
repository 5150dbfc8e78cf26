// Examines a deployment from outside, as its callers, Stripe and a receiver of notifications see it. What it needs for
// that it makes in a tenant of its own, tenant_doctor, and takes away again, but for its history.

import { examineConnections } from "./connections.ts";
import { receiveNotification } from "./notification.ts";
import { examineReadiness } from "./readiness.ts";
import type { Report } from "./report.ts";
import { createApi } from "./single-calls.ts";
import { runStripeFlow } from "./stripe-flow.ts";
import { sendSyntheticEvent } from "./synthetic-event.ts";
import { openTrial } from "./trial.ts";

export type Patient = {
  /** Its origin. */
  url: string;
  rootToken: string;
  /** Of environments whose connections are to be tested. */
  apiKeys: readonly string[];
  /** A Stripe key of test mode; null: none is used, and what needs one stays open. */
  stripeKey: string | null;
  /** Whether `stripeKey` is a real one, and the whole flow is wanted. */
  wholeFlow: boolean;
  /** Where notifications are to be sent to: a tunnel that ends at this machine's `port`; null: this machine itself. */
  receiver: { url: string | null; port: number };
  /** How long anything may take, ms. */
  patienceMs: number;
  say: (line: string) => void;
};

export async function examine(patient: Patient, report: Report): Promise<void> {
  if (!(await examineReadiness(patient, report))) return;
  await examineConnections(patient, report);
  const root = createApi(patient.url, patient.rootToken);
  const trial = await openTrial(root, patient, report);
  if (trial === null) return;
  try {
    await receiveNotification(patient, trial, report);
    await sendSyntheticEvent(patient, trial, report);
    if (patient.wholeFlow) await runStripeFlow(patient, trial, report);
  } finally {
    await trial.close();
  }
}
