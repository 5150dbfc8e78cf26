// The way to an environment's ledger: `ledger(deps, scope).verb(input)`, typed from the list of verbs. An error that
// a verb throws arrives as the same AppError; a ledger that does not answer is a passing fault.

import { AppError } from "../platform/app-error.ts";
import type { Config } from "../platform/config.ts";
import { enqueueWanted, type Wanted } from "../platform/enqueue-wanted.ts";
import type { Queues } from "../platform/jobs.ts";
import { errorText, type Logger } from "../platform/logger.ts";
import { type Actor, type Jurisdiction, type Scope, toScope } from "../platform/scope.ts";
import { type Answer, toAppError } from "./answer.ts";
import type { Identity } from "./identity.ts";
import type { Call, Ledger } from "./ledger.ts";
import { type Input, type Output, READS, type VerbName } from "./verbs.ts";

export type LedgerClient = {
  [Name in VerbName]: (input: Input<Name>) => Promise<Output<Name>>;
};

/** Where the ledgers are. */
export type Ledgers = {
  namespace: Pick<DurableObjectNamespace<Ledger>, "getByName" | "jurisdiction">;
  /** What the directory knows of the environment; null where it knows none. */
  findEnvironment: (scope: Scope) => Promise<KnownEnvironment | null>;
};

export type KnownEnvironment = { livemode: boolean; jurisdiction: Jurisdiction | null };

/** Who asks, and when: every call carries it. */
export type LedgerCaller = {
  ledgers: Ledgers;
  actor: Actor;
  /** ms */
  now: () => number;
  queues: Pick<Queues, "enqueueJobs" | "enqueueNotifications">;
  config: Pick<Config, "email">;
  log: Logger;
  trace: string;
};

// An RPC stub's own types turn `unknown` into `never`: the two doors are typed here, once.
type Door = {
  call: (call: Call) => Promise<Answer<unknown>>;
  provision: (identity: Identity, nowMs: number) => Promise<void>;
  erase: (scope: Scope) => Promise<void>;
  poke: (scope: Scope) => Promise<void>;
};

/**
 * The ledger of a scope. Every verb throws the AppError that it throws in the ledger, `not_found` where the
 * directory knows no such environment, and `database_unavailable` (retryable) where the ledger does not answer.
 */
export function ledger(caller: LedgerCaller, scope: Scope): LedgerClient {
  const ask = (verb: VerbName, input: unknown) => callVerb(caller, scope, verb, input);
  return new Proxy({} as LedgerClient, {
    get: (_, verb) =>
      typeof verb === "string" ? (input: unknown) => ask(verb as VerbName, input) : undefined,
  });
}

async function callVerb(
  caller: LedgerCaller,
  given: Scope,
  verb: VerbName,
  input: unknown,
): Promise<unknown> {
  let scope = toScope(given);
  const { actor, config, trace } = caller;
  const call = { verb, input, actor, trace, nowMs: caller.now(), sendsMail: config.email !== null };
  let answer = await send(caller, { ...call, scope });
  if (!answer.ok && "unprovisioned" in answer) {
    scope = await provision(caller, scope);
    answer = await send(caller, { ...call, scope });
  }
  if (answer.ok) {
    if (answer.wanted.length > 0) await enqueue(caller, scope, answer.wanted);
    return answer.value;
  }
  // Not even provisioned: it was erased at this moment.
  throw "problem" in answer ? toAppError(answer.problem) : noEnvironment(scope.environmentId);
}

/**
 * Deletes an environment's ledger whole; the directory must know no such environment any more. Again it changes
 * nothing.
 * @param scope with the environment's jurisdiction, or another ledger is asked
 * @throws AppError `database_unavailable` (retryable)
 */
export async function eraseLedger(caller: Pick<LedgerCaller, "ledgers">, scope: Scope): Promise<void> {
  try {
    await doorTo(caller, scope).erase(toScope(scope));
  } catch (cause) {
    throw unavailable(cause);
  }
}

/**
 * Has a ledger do what is overdue and tell how it stands.
 * @param scope with the environment's jurisdiction, or another ledger is asked
 * @throws AppError `database_unavailable` (retryable)
 */
export async function pokeLedger(caller: Pick<LedgerCaller, "ledgers">, scope: Scope): Promise<void> {
  try {
    await doorTo(caller, scope).poke(toScope(scope));
  } catch (cause) {
    throw unavailable(cause);
  }
}

async function send(caller: LedgerCaller, call: Call): Promise<Answer<unknown>> {
  try {
    return await doorTo(caller, call.scope).call(call);
  } catch (cause) {
    // After a reset the old stub stays broken, and the reset may have come after the commit.
    if (isRead(call.verb) && isReset(cause)) return doorTo(caller, call.scope).call(call);
    throw unavailable(cause);
  }
}

/** What the verb wants done. The verb has happened: a queue that refuses is no error of it, and the alarm does it. */
async function enqueue(caller: LedgerCaller, scope: Scope, wanted: readonly Wanted[]): Promise<void> {
  try {
    await enqueueWanted(caller.queues, scope, wanted);
  } catch (error) {
    caller.log.warn("work left to the alarm", {
      tenant: scope.tenantId,
      environment: scope.environmentId,
      count: wanted.length,
      error: errorText(error),
    });
  }
}

/**
 * What was made in the directory has a ledger from its first call on; what was not has none.
 * @returns the scope with the directory's jurisdiction: whoever had forgotten it asked at an address where there is none
 */
async function provision(caller: LedgerCaller, { tenantId, environmentId }: Scope) {
  const environment = await caller.ledgers.findEnvironment({ tenantId, environmentId });
  if (!environment) throw noEnvironment(environmentId);
  const { livemode, jurisdiction } = environment;
  const scope = toScope({ tenantId, environmentId, jurisdiction });
  try {
    await doorTo(caller, scope).provision({ ...scope, livemode }, caller.now());
  } catch (cause) {
    throw unavailable(cause);
  }
  return scope;
}

function noEnvironment(environmentId: string): AppError {
  return new AppError("not_found", { detail: `No such environment: '${environmentId}'.` });
}

function doorTo(caller: Pick<LedgerCaller, "ledgers">, scope: Scope): Door {
  return placeOf(caller.ledgers, scope.jurisdiction).getByName(ledgerName(scope)) as unknown as Door;
}

/** A name under a jurisdiction is another object than the same name without one. */
function placeOf({ namespace }: Pick<Ledgers, "namespace">, jurisdiction: Scope["jurisdiction"]) {
  return jurisdiction ? namespace.jurisdiction(jurisdiction) : namespace;
}

/** Whether ledgers can be bound to a jurisdiction here: workerd by itself, as in development, knows none. */
export function hasJurisdiction(ledgers: Pick<Ledgers, "namespace">, jurisdiction: Jurisdiction): boolean {
  try {
    placeOf(ledgers, jurisdiction);
    return true;
  } catch {
    return false;
  }
}

/** The object's name. Ids have no slash. */
export function ledgerName({ tenantId, environmentId }: Scope): string {
  return `${tenantId}/${environmentId}`;
}

function isRead(verb: VerbName): boolean {
  return verb === "readMany" || Object.hasOwn(READS, verb);
}

function isReset(error: unknown): boolean {
  return error instanceof Error && "durableObjectReset" in error;
}

// A verb's own fault comes back marked `remote`: it is no outage, and trying again would not help.
function unavailable(cause: unknown): unknown {
  if (cause instanceof Error && "remote" in cause) return cause;
  const detail = "The ledger did not answer. Nothing is half done: try again.";
  return new AppError("database_unavailable", { detail, retryable: true, cause });
}
