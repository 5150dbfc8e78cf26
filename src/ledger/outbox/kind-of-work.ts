// What a room says of a kind of work that it wants done.

import type { WorkKind } from "../../platform/jobs.ts";
import type { Book } from "../book.ts";
import type { WorkOf } from "./work.ts";

/** Nothing can be done yet, and no try has failed: it is looked at again then, ms. */
export type Later = { laterMs: number };

export type KindOfWork<Kind extends WorkKind, Task> = {
  /** Exactly what is to be done, frozen before the first try; null where nothing is any more. */
  claim: (book: Book, work: WorkOf<Kind>) => Task | Later | null;
  /** Whether there is nothing to do any more: what claiming it would find, but nothing is written. */
  isOver: (book: Book, work: WorkOf<Kind>) => boolean;
  /** What giving up leaves behind. */
  onGivenUp?: (book: Book, work: WorkOf<Kind>, error: string) => void;
  /**
   * Takes back what giving up left, so that it can be done again.
   * @throws AppError `conflict` where doing it again could do harm
   */
  onRetried?: (book: Book, work: WorkOf<Kind>) => void;
};
