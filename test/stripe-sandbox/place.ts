// Where something happens: an account of the sandbox, with what is needed to act on it.

import type { SandboxContext } from "./context.ts";
import type { AccountWorld } from "./types.ts";
import { openAccount } from "./world.ts";

export type Place = { context: SandboxContext; accountId: string; account: AccountWorld };

/** The account by id, made when it is not there yet. */
export function placeOf(context: SandboxContext, accountId: string): Place {
  return { context, accountId, account: openAccount(context.world, accountId, context.now()) };
}

/** The object with this id, when there is one: relations are kept as ids, never expanded. */
export function related<T>(collection: Record<string, T>, id: unknown): T | undefined {
  return typeof id === "string" ? collection[id] : undefined;
}
