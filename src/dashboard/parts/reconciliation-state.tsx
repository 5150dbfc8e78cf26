// How far a connection's events were fetched from Stripe, and what that found: events that no webhook had
// brought are the first sign that webhooks do not arrive.

import type { ReconciliationRow } from "../../ledger/reconciliation/reconciliation-row.ts";
import { connectionHref, href } from "../hrefs.ts";
import { countWords } from "../status-words.ts";
import { Facts, Notice, Panel } from "./panel.tsx";
import { ExactTime, Time } from "./time.tsx";

/** Folded: it runs by itself, and what it found that matters stands outside the fold. */
export function ReconciliationPanel(props: {
  connectionId: string;
  row: ReconciliationRow | null;
  now: number;
  mayConnect: boolean;
}) {
  const { connectionId, row, now, mayConnect } = props;
  return (
    <Panel title="Reconciliation">
      <div class="pad">
        <MissedNotice row={row} now={now} />
        <details>
          <summary>{`Stripe is asked every quarter of an hour for what did not arrive. ${stateOf(row)}`}</summary>
          <Found row={row} now={now} />
        </details>
        {mayConnect ? (
          <form method="post" action={connectionHref(connectionId, "reconcile")}>
            <button type="submit">Reconcile now</button>
          </form>
        ) : null}
      </div>
    </Panel>
  );
}

function Found({ row, now }: { row: ReconciliationRow | null; now: number }) {
  return (
    <Facts
      facts={[
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
        ["Links missed", row === null ? null : row.linksMissed.toLocaleString("en")],
        [
          "Links without an answer",
          row === null || row.linkError === null ? null : `${row.linksFailed}, the last one ${row.linkError}`,
        ],
        [
          "Last missed",
          row === null || row.missedAtMs === null ? null : (
            <>
              {`${row.missedCount.toLocaleString("en")} in the run of `}
              <ExactTime ms={row.missedAtMs} now={now} />
            </>
          ),
        ],
      ]}
    />
  );
}

const TOLD_FOR_MS = 24 * 60 * 60 * 1000;

/**
 * A warning while the present or last run found something that no webhook had brought, and for a day after
 * one that did; else nothing.
 */
export function MissedNotice({ row, now }: { row: ReconciliationRow | null; now: number }) {
  if (row === null) return null;
  const { eventsMissed, linksMissed, missedAtMs, missedCount } = row;
  if (eventsMissed + linksMissed > 0) {
    return (
      <Notice tone="warn">
        {eventsMissed === 0 ? null : <MissedEvents count={eventsMissed} />}
        {linksMissed === 0 ? null : <MissedLinks count={linksMissed} />}
      </Notice>
    );
  }
  if (missedAtMs === null || missedAtMs < now - TOLD_FOR_MS) return null;
  return (
    <Notice tone="warn">
      <p class="notice-title">
        {`${countWords(missedCount, "event or link", "events or links")} had news that no webhook brought.`}
      </p>
      <p>
        Reconciliation found what was missing, so nothing is lost, in the run of{" "}
        <Time ms={missedAtMs} now={now} />. Runs since then have found nothing more. If it comes again, test
        the <a href={href("/connections")}>connection</a>.
      </p>
    </Notice>
  );
}

function MissedEvents({ count }: { count: number }) {
  const many = count !== 1;
  return (
    <>
      <p class="notice-title">{`${countWords(count, "event")} of Stripe's came by no webhook.`}</p>
      <p>
        {`Reconciliation fetched ${many ? "them" : "it"}, so nothing is lost. Unless the connection was off or not there then, it means that webhooks do not all arrive: test the `}
        <a href={href("/connections")}>connection</a>, and look at the event destination in Workbench in
        Stripe's dashboard. The <a href={href("/webhook-events")}>events</a> that were fetched say so.
      </p>
    </>
  );
}

function MissedLinks({ count }: { count: number }) {
  const many = count !== 1;
  return (
    <>
      <p class="notice-title">
        {`${countWords(count, "payment link")} had changed at Stripe and no event told of it.`}
      </p>
      <p>
        {`Stripe was asked about links that had been quiet for long, and ${many ? "these had" : "this one had"} a payment or a state that we did not know. It is recorded now, on the invoice's timeline. It means that events do not arrive, or are not sent at all: test the `}
        <a href={href("/connections")}>connection</a>: each event type must be on at the endpoint.
      </p>
    </>
  );
}

function stateOf(row: ReconciliationRow | null): string {
  if (row === null || row.startedAtMs === null) return "It has not begun yet.";
  return row.phase === null ? "The last run has ended." : "A run is under way.";
}
