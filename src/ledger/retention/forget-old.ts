// What is past its age goes, a slice at each alarm. Money, its timeline and the audit log stay.

import type { Book } from "../book.ts";
import { forgetAnswers } from "../calls/answers.ts";
import type { Chore } from "../chores.ts";
import { forgetContents, forgetEvents, forgetLargePayloads } from "../events/forget-events.ts";
import { forgetMailCounts } from "../mails/mail-counts.ts";
import { forgetOldDeliveries } from "../notifications/forget-deliveries.ts";
import { deliveriesSinceMs } from "./ages.ts";
import { forgetMailContent, forgetMails } from "./forget-mails.ts";

const DAY_MS = 24 * 60 * 60 * 1000;

/** Each forgets up to so many rows, and says how many it were: as many as the limit: there may be more. */
const FORGETTING: readonly ((book: Book, limit: number) => number)[] = [
  forgetAnswers,
  forgetContents,
  forgetEvents,
  forgetLargePayloads,
  forgetMailContent,
  forgetMails,
  forgetMailCounts,
  forgetDeliveries,
];

export const forgetOld: Chore = {
  name: "forget_old",
  run: (book, budget) => {
    let left = budget;
    for (const forget of FORGETTING) if (left > 0) left -= forget(book, left);
    return { nextAtMs: book.nowMs + DAY_MS, more: left <= 0 };
  },
};

function forgetDeliveries(book: Book, limit: number): number {
  return forgetOldDeliveries(book, { beforeMs: deliveriesSinceMs(book), limit });
}
