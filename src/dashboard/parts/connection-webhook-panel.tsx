// How Stripe's events reach a connection: where to, under which secret, and what was taken in and refused of late.

import type { DescribedConnection } from "../../connections/describe-connections.ts";
import { REFUSAL_WORDS } from "../../connections/refusals.ts";
import { STRIPE_EVENT_TYPE_NAMES } from "../../connections/stripe-event-types.ts";
import { STRIPE_API_VERSION } from "../../platform/stripe.ts";
import { Badge } from "./badge.tsx";
import { EventTypes } from "./connection-actions.tsx";
import { ActLink } from "./connection-menu.tsx";
import { CopyField, CopyId } from "./copy.tsx";
import { Facts, Panel } from "./panel.tsx";
import { ViewInStripe } from "./stripe-link.tsx";
import { Time } from "./time.tsx";

export function WebhookPanel(props: {
  connection: DescribedConnection;
  now: number;
  /** Whether acts are offered. */
  mayConnect: boolean;
  /** Events in the last 24 hours, whichever way they came. */
  taken: number;
  secretSetAtMs: number | null;
  overlapUntilMs: number | null;
}) {
  const { connection, now, mayConnect, taken, secretSetAtMs, overlapUntilMs } = props;
  const { id, auth_type, webhook_endpoint_id: endpoint, last_webhook_at } = connection;
  const isOwn = auth_type === "api_key";
  return (
    <Panel
      title="Webhook"
      more={
        mayConnect && isOwn ? (
          <span class="acts">
            <ActLink id={id} act="signing-secret" words="Replace signing secret" />
            <ActLink id={id} act="webhook" words={endpoint === null ? "Make it for me" : "Repair"} />
          </span>
        ) : null
      }
    >
      <div class="pad" id="webhook">
        <dl class="pair">
          <div>
            <dt>Taken in, 24 h</dt>
            <dd>{taken.toLocaleString("en")}</dd>
          </div>
          <div class={connection.refused.count_24h > 0 ? "bad" : undefined}>
            <dt>Refused, 24 h</dt>
            <dd>{connection.refused.count_24h.toLocaleString("en")}</dd>
          </div>
        </dl>
        <Facts
          facts={[
            [
              "URL",
              <CopyField label="webhook URL" value={connection.webhook_url ?? "PUBLIC_URL is not set"} />,
            ],
            ["Destination", destinationOf(connection)],
            ["API version", <code>{STRIPE_API_VERSION}</code>],
            ["Signing secret", secretOf(connection, secretSetAtMs, now)],
            [
              "Secret before it",
              overlapUntilMs === null ? null : (
                <>
                  {"is taken as well until "}
                  <Time ms={overlapUntilMs} now={now} />
                </>
              ),
            ],
            ["Thin events", connection.thin_webhook_secret_set ? "their signing secret is set" : null],
            [
              "Last webhook",
              last_webhook_at === null ? "none yet" : <Time ms={Date.parse(last_webhook_at)} now={now} />,
            ],
            ["Last refused", refusedOf(connection, now)],
          ]}
        />
        <EventTypes />
      </div>
    </Panel>
  );
}

function destinationOf({ webhook_endpoint_id: endpoint, auth_type }: DescribedConnection) {
  if (auth_type === "oauth") return "the platform's own, for all accounts";
  if (endpoint === null) return `made by hand, to send ${STRIPE_EVENT_TYPE_NAMES.length} event types`;
  return (
    <>
      <CopyId id={endpoint} label="destination id" /> <ViewInStripe id={endpoint} />
    </>
  );
}

function secretOf({ webhook_secret_set }: DescribedConnection, setAtMs: number | null, now: number) {
  if (!webhook_secret_set) return <Badge tone="warn">Not set</Badge>;
  if (setAtMs === null) return "the platform's";
  return (
    <>
      {"set "}
      <Time ms={setAtMs} now={now} />
    </>
  );
}

function refusedOf({ refused }: DescribedConnection, now: number) {
  const { last_at, last_reason, count_24h } = refused;
  if (last_at === null || last_reason === null || count_24h === 0) return null;
  return (
    <>
      <Time ms={Date.parse(last_at)} now={now} />
      <span class="reason">{`It was ${REFUSAL_WORDS[last_reason].split(":")[0]}.`}</span>
    </>
  );
}
