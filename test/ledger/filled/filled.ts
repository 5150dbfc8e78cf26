// A ledger as an earlier version has left it: rows of its tables at that version, as they were written then. Each
// version that changes a table with rows in it adds one; none is ever changed.

import { FILLED_AT_1 } from "./version-1.ts";
import { FILLED_AT_6 } from "./version-6.ts";

export type Row = Record<string, string | number | null>;
export type Filled = {
  version: number;
  /** Rows by table. */
  rows: Readonly<Record<string, readonly Row[]>>;
};

export const FILLED: readonly Filled[] = [FILLED_AT_1, FILLED_AT_6];
