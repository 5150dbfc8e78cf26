// What a failure means for a piece of work of the outbox. Pure.

import { AppError, type ErrorCode } from "./app-error.ts";

/** `again`: it may pass. `waiting`: the connection must heal first. `dead`: it will not pass. */
export type FailureOutcome = "again" | "waiting" | "dead";

// Only a change of the connection can help these: the work waits for it rather than ends.
const CONNECTION_MUST_HEAL: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  "connection_missing",
  "connection_disabled",
  "stripe_authentication_failed",
  "stripe_permission_missing",
  "secret_unreadable",
  "live_key_refused",
]);

export function outcomeOf(error: unknown): FailureOutcome {
  if (!(error instanceof AppError)) return "again";
  if (CONNECTION_MUST_HEAL.has(error.code)) return "waiting";
  return error.retryable ? "again" : "dead";
}
