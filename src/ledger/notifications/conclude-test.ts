// Notes that somebody sent an example to a destination, and says whether it was taken. It is no delivery: it
// changes nothing on the destination.

import type { NotificationType } from "../../platform/notification-types.ts";
import { writeAudit } from "../audit.ts";
import type { Book } from "../book.ts";
import { judge, type Sent } from "./delivery-state.ts";

export function concludeTest(
  book: Book,
  { destinationId, type, sent }: { destinationId: string; type: NotificationType; sent: Sent },
): { ok: boolean; error: string | null } {
  const { ok, error } = judge(sent);
  writeAudit(book, {
    action: "event_destination.tested",
    object: "event_destination",
    objectId: destinationId,
    detail: { type, ok },
  });
  return { ok, error };
}
