// What the object does by itself when its alarm rings. Each chore is synchronous and one transaction; what it
// wants done outside, the object enqueues afterwards.

import type { Wanted } from "../platform/enqueue-wanted.ts";
import type { Book } from "./book.ts";
import { replanDueDates } from "./due-dates/replan-due-dates.ts";
import { watchDueDates } from "./due-dates/watch-due-dates.ts";
import { enqueueDueWork } from "./outbox/enqueue-due.ts";
import { startDueReconciliation } from "./reconciliation/request-reconciliation.ts";
import { forgetOld } from "./retention/forget-old.ts";

export type Chore = {
  name: string;
  /**
   * Does what is due.
   * @param budget how many rows at the most, so that no chore keeps the others and the callers waiting
   * @returns when it has something to do next, ms, or null for never; `more`: at once
   */
  run: (book: Book, budget: number) => { nextAtMs: number | null; more: boolean };
  /** The queues did not take what it wanted. */
  onRefused?: (book: Book, wanted: readonly Wanted[]) => void;
};

export const CHORES: readonly Chore[] = [
  startDueReconciliation,
  watchDueDates,
  replanDueDates,
  enqueueDueWork,
  forgetOld,
];
