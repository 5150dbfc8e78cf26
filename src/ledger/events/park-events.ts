// Events whose environment has had its turn in the queue that all share. They wait here, as their messages were, and
// a work of the outbox brings them, some at a time: a flood costs the environment that it came to.

import type { Book } from "../book.ts";
import type { KindOfWork } from "../outbox/kind-of-work.ts";
import { want } from "../outbox/want.ts";
import { parkedEventsWork } from "../outbox/work.ts";

/** `id`: the receipt and what is to be done with it; `message`: as it came from the queue. */
export type ParkedEvent = { id: string; message: string };

// What one turn brings at the most.
const EVENTS_A_TURN = 50;
// Of these up to 120 KB each, an answer holds no more.
const BYTES_A_TURN = 2_000_000;

export const parkedEvents: KindOfWork<"bring_parked_events", { events: ParkedEvent[] }> = {
  claim: (book) => {
    const events = nextOf(book);
    return events.length > 0 ? { events } : null;
  },
  isOver: (book) => !hasParked(book),
};

/** Keeps them until their turn. The same ones again change nothing. */
export function parkEvents(book: Book, { events }: { events: readonly ParkedEvent[] }): void {
  for (const { id, message } of events)
    book.sql.run(
      "INSERT OR IGNORE INTO parked_events (id, message, parked_at_ms) VALUES (?, ?, ?)",
      id,
      message,
      book.nowMs,
    );
  // One that gave up has reason to go on.
  want(book, parkedEventsWork(), { again: true });
}

export function hasParked(book: Book): boolean {
  return book.sql.first("SELECT 1 AS one FROM parked_events LIMIT 1") !== undefined;
}

function nextOf(book: Book): ParkedEvent[] {
  const rows = book.sql.all<ParkedEvent>(
    "SELECT id, message FROM parked_events ORDER BY parked_at_ms, id LIMIT ?",
    EVENTS_A_TURN,
  );
  let size = 0;
  return rows.filter(({ message }, index) => {
    size += message.length;
    return index === 0 || size <= BYTES_A_TURN;
  });
}
