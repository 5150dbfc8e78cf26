// Asks for a run over all customers: an import of Stripe's, or a look at all that are here. One that is under way is
// answered as it is. It is done by work in bounded steps, which goes on where it stopped.

import { AppError } from "../../platform/app-error.ts";
import { writeAudit } from "../audit.ts";
import type { Book } from "../book.ts";
import { requireRoom } from "../budgets/budgets.ts";
import { type ConnectionCopy, readConnection } from "../connection/keep-connection.ts";
import { findOutboxRow } from "../outbox/outbox-row.ts";
import { want } from "../outbox/want.ts";
import { customersRunWork } from "../outbox/work.ts";
import { hearsStripe } from "./field-ways.ts";
import { presentWays } from "./outbound.ts";
import { type CustomerRun, findRun, keepRun, newRun, type RunKind } from "./run-row.ts";

/** With how its work stands: `waits` for the connection to heal, or failed last for that `error`. */
export type ShownRun = CustomerRun & { waits: boolean };

/** @throws AppError `connection_missing`, `connection_disabled`, `over_budget`; `conflict` where sync_config allows no such thing */
export function startCustomerRun(book: Book, { kind }: { kind: RunKind }): ShownRun {
  const connection = requireUsableConnection(book);
  const known = findCustomerRun(book, { kind });
  if (known?.status === "running" && known.connectionId === connection.id) return known;
  // Only an import makes what was not here.
  if (kind === "import") requireRoom(book);
  const run = keepRun(book, newRun(kind, connection.id, firstPhase(book, kind, connection), book.nowMs));
  want(book, customersRunWork(kind), { again: true });
  writeAudit(book, {
    action: kind === "import" ? "customers.import_started" : "customers.sync_started",
    object: "connection",
    objectId: connection.id,
  });
  return { ...run, waits: false };
}

/** Null where there never was one. */
export function findCustomerRun(book: Book, { kind }: { kind: RunKind }): ShownRun | null {
  const run = findRun(book, kind);
  if (!run) return null;
  const row = run.status === "running" ? findOutboxRow(book, customersRunWork(kind).id) : undefined;
  return { ...run, error: run.error ?? row?.error ?? null, waits: row?.status === "waiting" };
}

/** @throws AppError `connection_missing`, `connection_disabled` */
export function requireUsableConnection(book: Book): ConnectionCopy {
  const connection = readConnection(book);
  if (!connection) {
    const detail = "This environment has no Stripe connection. Make one with POST /api/v1/connections.";
    throw new AppError("connection_missing", { detail });
  }
  if (!connection.isActive) {
    const detail = "The Stripe connection is switched off. Set is_active to true to go on.";
    throw new AppError("connection_disabled", { detail });
  }
  return connection;
}

function firstPhase(book: Book, kind: RunKind, connection: ConnectionCopy): CustomerRun["phase"] {
  const { inbound, outbound } = connection.syncConfig.customer;
  if (kind === "import") {
    if (inbound) return "customers";
    const detail =
      "Customers are not taken over from Stripe. Set sync_config.customer.inbound of the connection to true first.";
    throw new AppError("conflict", { detail });
  }
  if (!inbound && !outbound) throw new AppError("conflict", { detail: NEITHER_WAY });
  return hearsStripe(presentWays(book)) ? "customers" : "push";
}

export const NEITHER_WAY =
  "Customers go neither way between here and Stripe. Set sync_config.customer.inbound or .outbound of the connection to true first.";
