// The warning that a destination does not take what it is sent: the platform is then not told what is paid.

import type { DestinationRow } from "../../ledger/notifications/destinations.ts";
import { destinationState } from "../delivery-words.ts";
import { destinationHref } from "../hrefs.ts";
import { Notice } from "./panel.tsx";
import { Time } from "./time.tsx";

/** One that a person has switched off is no trouble. */
export function DeafDestinations({ rows, now }: { rows: readonly DestinationRow[]; now: number }) {
  const deaf = rows.filter((row) => destinationState(row) === "failing" || row.disabledReason !== null);
  if (deaf.length === 0) return null;
  return (
    <div class="page-note">
      <Notice tone="warn">
        <p class="notice-title">
          Your platform is not told of everything: an event destination does not take it.
        </p>
        <ul class="bare">
          {deaf.map((row) => (
            <li>
              <a href={destinationHref(row.id)}>{row.url}</a>{" "}
              {row.disabledReason === null ? "fails" : `was switched off: ${row.disabledReason}`}
              {row.failingSinceMs === null ? null : (
                <>
                  {" since "}
                  <Time ms={row.failingSinceMs} now={now} />
                </>
              )}
            </li>
          ))}
        </ul>
      </Notice>
    </div>
  );
}
