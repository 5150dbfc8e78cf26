// The end of a turn in which parked events were brought.

import type { Book } from "../book.ts";
import { continueWork, finishWork } from "../work/conclude-work.ts";
import { hasParked } from "./park-events.ts";

/** These were brought, or the queue has them again. @param input.id of the work, which goes on with what is left */
export function concludeParked(
  book: Book,
  { id, brought }: { id: string; brought: readonly string[] },
): void {
  for (const event of brought) book.sql.run("DELETE FROM parked_events WHERE id = ?", event);
  if (hasParked(book)) continueWork(book, { id });
  else finishWork(book, { id });
}
