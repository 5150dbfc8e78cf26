// A message of a queue may outlive its environment: what it asks for is gone, and trying again would not help.

import { AppError } from "./platform/app-error.ts";
import type { Deps } from "./platform/deps.ts";
import { messageScope } from "./platform/jobs.ts";
import { parseJson } from "./platform/parse-json.ts";

/** Never throws. @param error what the consumer threw; all but `not_found` says that the environment is there */
export async function isOfErased(deps: Deps, body: unknown, error: unknown): Promise<boolean> {
  if (!saysNotFound(error)) return false;
  const scope = messageScope.safeParse(parseJson(body)).data;
  if (!scope) return false;
  try {
    return (await deps.ledgers.findEnvironment(scope)) === null;
  } catch {
    return false;
  }
}

/** By itself or as the cause of another error. */
function saysNotFound(error: unknown): boolean {
  for (let current = error; current instanceof Error; current = current.cause) {
    if (current instanceof AppError && current.code === "not_found") return true;
  }
  return false;
}
