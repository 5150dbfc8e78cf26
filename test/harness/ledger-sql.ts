// An environment's own database, read and written by hand: for what a test has to see or set behind the doors.

import { ledger } from "../../src/ledger/client.ts";
import { ledgerBinding } from "../../src/ledger/database.ts";
import type { Scope } from "../../src/platform/deps.ts";
import { testDeps } from "./world.ts";

/** The ledger of a scope, in the form of a D1 database: `ledgerSql(world.scope).prepare(…).bind(…).all()`. */
export function ledgerSql(scope: Scope): D1Database {
  return ledgerBinding(ledger(testDeps(), scope));
}
