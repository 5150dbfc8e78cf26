// Several reads in one call, all of one moment, with the names of the customers and the numbers of the invoices that
// their rows speak of: a page asks once for all that it shows.

import type { Book } from "./book.ts";
import { findCustomerNames } from "./customers/read-customers.ts";
import { findInvoiceNumbers } from "./invoices/read-invoices.ts";

/** What each read is called in the answer, and what it asks. */
export type ManyReads = Readonly<Record<string, readonly [verb: string, input: unknown]>>;
export type Names = { customers: Map<string, string>; invoices: Map<string, string> };

type AnyRead = (book: Book, input: never) => unknown;

// Rows, lists of rows, and what lies beside a row: deeper nothing names another.
const DEPTH = 5;

/**
 * @param verbs the reads that there are
 * @throws AppError as each of the reads does: then none is answered
 */
export function readTogether(
  book: Book,
  { reads }: { reads: ManyReads },
  verbs: Readonly<Record<string, AnyRead>>,
): { values: Record<string, unknown>; names: Names } {
  const values = Object.fromEntries(
    Object.entries(reads).map(([name, [verb, input]]) => {
      const read = Object.hasOwn(verbs, verb) ? verbs[verb] : undefined;
      if (read === undefined) throw new Error(`'${verb}' is no read of the ledger.`);
      return [name, read(book, input as never)];
    }),
  );
  const [customers, invoices] = [new Set<string>(), new Set<string>()];
  for (const value of Object.values(values)) collectIds(value, customers, invoices, DEPTH);
  return {
    values,
    names: {
      customers: findCustomerNames(book, { ids: [...customers] }),
      invoices: findInvoiceNumbers(book, { ids: [...invoices] }),
    },
  };
}

function collectIds(value: unknown, customers: Set<string>, invoices: Set<string>, depth: number): void {
  if (depth === 0 || typeof value !== "object" || value === null) return;
  if (Array.isArray(value)) {
    for (const part of value) collectIds(part, customers, invoices, depth - 1);
    return;
  }
  const { object, objectId } = value as { object?: unknown; objectId?: unknown };
  if (typeof objectId === "string") {
    // An entry of the audit log.
    if (object === "customer") customers.add(objectId);
    if (object === "invoice") invoices.add(objectId);
  }
  for (const [name, part] of Object.entries(value)) {
    if (typeof part !== "string") collectIds(part, customers, invoices, depth - 1);
    else if (name === "customerId") customers.add(part);
    else if (name === "invoiceId") invoices.add(part);
    else if (name === "subject") collectIds(parsed(part), customers, invoices, 2);
  }
}

/** What a work is about is JSON, and of every version's shape. */
function parsed(subject: string): unknown {
  try {
    return JSON.parse(subject);
  } catch {
    return null;
  }
}
