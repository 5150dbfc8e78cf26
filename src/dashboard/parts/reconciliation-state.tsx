// How far a connection's events were fetched from Stripe, and what that found: events that no webhook had
// brought are the first sign that webhooks do not arrive.

import type { ReconciliationRow } from "../../connections/reconciliation-store.ts";
import { href } from "../hrefs.ts";
import { Facts, Notice } from "./panel.tsx";
import { ExactTime } from "./time.tsx";

export function ReconciliationState({ row, now }: { row: ReconciliationRow | null; now: number }) {
  return (
    <>
      <h3>Reconciliation</h3>
      <MissedEvents row={row} />
      <Facts
        facts={[
          ["State", stateOf(row, now)],
          [
            "Last run",
            row === null || row.finishedAtMs === null ? (
              "none has finished yet"
            ) : (
              <ExactTime ms={row.finishedAtMs} now={now} />
            ),
          ],
          ["Complete until", row === null ? null : <ExactTime ms={row.cursorMs} now={now} />],
          ["Events seen", row === null ? null : row.eventsSeen.toLocaleString("en")],
          ["Events missed", row === null ? null : row.eventsMissed.toLocaleString("en")],
          ["Links checked", row === null ? null : row.linksChecked.toLocaleString("en")],
        ]}
      />
    </>
  );
}

/** A warning while the present or last run found events that no webhook had brought; else nothing. */
export function MissedEvents({ row }: { row: ReconciliationRow | null }) {
  if (row === null || row.eventsMissed === 0) return null;
  const many = row.eventsMissed !== 1;
  return (
    <Notice tone="warn">
      <p class="notice-title">
        {`${row.eventsMissed.toLocaleString("en")} ${many ? "events" : "event"} of Stripe's came by no webhook.`}
      </p>
      <p>
        {`Reconciliation fetched ${many ? "them" : "it"}, so nothing is lost. It means that webhooks do not all arrive: test the `}
        <a href={href("/connections")}>connection</a>, and look at the endpoint in Stripe's dashboard. The{" "}
        <a href={href("/webhook-events")}>events</a> that were fetched say so.
      </p>
    </Notice>
  );
}

function stateOf(row: ReconciliationRow | null, now: number): string {
  if (row === null) return "never asked for";
  if (row.leaseUntilMs > now) return "running";
  if (row.phase !== null) return "under way: it goes on by itself";
  return "idle: it runs by itself every quarter of an hour";
}
