// How a verb's result crosses to the caller: as a value, since a thrown error loses its class on the way.

import { AppError, type ErrorCode, type FieldError } from "../platform/app-error.ts";
import type { Wanted } from "../platform/enqueue-wanted.ts";

/** An AppError as plain data. */
export type VerbProblem = {
  code: ErrorCode;
  detail: string;
  retryable: boolean;
  retryAfterSeconds: number | undefined;
  errors: FieldError[] | undefined;
};

export type Answer<T> =
  | { ok: true; value: T; wanted: Wanted[] }
  | { ok: false; problem: VerbProblem }
  /** The ledger was never provisioned: it has written nothing. */
  | { ok: false; unprovisioned: true };

export function toProblem(error: AppError): VerbProblem {
  const { code, message, retryable, retryAfterSeconds, errors } = error;
  return { code, detail: message, retryable, retryAfterSeconds, errors: errors && [...errors] };
}

export function toAppError(problem: VerbProblem): AppError {
  const { code, ...options } = problem;
  return new AppError(code, options);
}
