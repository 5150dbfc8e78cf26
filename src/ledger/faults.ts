// Why a ledger cannot be used, whole or for one verb, in words that name the migration: a migration that failed, or a
// table or column that is missing. It is kept in memory: what a deployment mends begins anew with it.

import { AppError } from "../platform/app-error.ts";
import { whatIsMissing } from "../platform/commit.ts";
import { errorText } from "../platform/logger.ts";
import { migrate, schemaVersion } from "./migrate.ts";

export class Faults {
  readonly #storage: DurableObjectStorage;
  #unmigrated: string | null = null;
  /** By the verb or chore that met it. */
  readonly #missing = new Map<string, string>();

  constructor(storage: DurableObjectStorage) {
    this.#storage = storage;
  }

  /** The gravest, or null. */
  get words(): string | null {
    const [missing = null] = this.#missing.values();
    return this.#unmigrated ?? missing;
  }

  /** Brings the tables to the present version. Never throws: where it failed, every call is refused with the reason. */
  migrate(): void {
    try {
      migrate(this.#storage);
      this.#unmigrated = null;
    } catch (error) {
      this.#unmigrated = `The environment's ledger cannot be used. ${errorText(error)} Deploy a version that mends it. Nothing is half done, and Stripe's events wait.`;
    }
  }

  /** What every call is refused with; null: nothing. */
  get refusal(): AppError | null {
    return this.#unmigrated === null ? null : behind(this.#unmigrated);
  }

  /** @returns what a verb or chore is answered that met something missing; null where that is not what it met */
  note(what: string, error: unknown): AppError | null {
    const missing = whatIsMissing(error);
    if (missing === null) return null;
    const version = schemaVersion(this.#storage.sql);
    const words = `The environment's ledger lacks what this version needs (${missing}), though its migrations are applied up to number ${version} of migrations/ledger. Deploy the version that brings it. Nothing is half done.`;
    this.#missing.set(what, words);
    return behind(words);
  }

  /** A verb or chore has gone through. */
  isOver(what: string): void {
    this.#missing.delete(what);
  }
}

/** Trying again does not help, deploying does. What waits for it is kept and done then. */
function behind(detail: string): AppError {
  return new AppError("database_behind", { detail, retryable: true });
}
