// A connection's state in plain words, and what to do next.

import type { DescribedConnection } from "../../connections/describe-connections.ts";
import { nextSteps } from "../connection-view.ts";
import { docsHref } from "../hrefs.ts";
import { CONNECTION_LOOK } from "../status-words.ts";
import { StatusBadge } from "./badge.tsx";
import { KeyGuide } from "./connection-features.tsx";
import { Empty, Panel } from "./panel.tsx";

const FOLDED_FROM = 240;

/** The status with a sentence on what it means. */
export function ConnectionState({ connection }: { connection: DescribedConnection }) {
  const look = CONNECTION_LOOK[connection.status];
  const detail = connection.status_detail ?? look.means;
  // The API says all at once, for whoever reads JSON; a page says the first sentence, and the rest if asked.
  const [first = detail] = detail.split(/(?<=\.) /);
  return (
    <div>
      <p class="state">
        <StatusBadge look={look} /> <span>{detail.length > FOLDED_FROM ? first : detail}</span>
      </p>
      {detail.length > FOLDED_FROM ? (
        <details>
          <summary class="muted">All of it</summary>
          <p>{detail.slice(first.length)}</p>
        </details>
      ) : null}
    </div>
  );
}

export function NextSteps({ connection }: { connection: DescribedConnection }) {
  const steps = nextSteps(connection);
  if (steps.length === 0) return null;
  return (
    <div class="notice warn">
      <p class="notice-title">What to do next</p>
      <ol>
        {steps.map((step) => (
          <li>{step}</li>
        ))}
      </ol>
      {connection.status === "pending_webhook" ? (
        <p>
          <a href="/docs#stripe-events">The events in the docs</a>
        </p>
      ) : null}
    </div>
  );
}

export function NoConnection({ livemode }: { livemode: boolean }) {
  return (
    <Panel title="Stripe connection">
      <Empty title="Not connected to Stripe yet.">
        <p>
          Without a connection no payment link can be made. Connect this environment to a Stripe account with
          a key of that account: <a href={docsHref("post", "/connections")}>POST /api/v1/connections</a>
        </p>
        <KeyGuide livemode={livemode} />
      </Empty>
    </Panel>
  );
}
