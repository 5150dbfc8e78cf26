// What there is to know of a live connection, a card a matter, each with the one act that changes it.

import type { DescribedConnection } from "../../connections/describe-connections.ts";
import { REFUSAL_WORDS } from "../../connections/refusals.ts";
import { STRIPE_EVENT_TYPE_NAMES } from "../../connections/stripe-event-types.ts";
import { STRIPE_API_VERSION } from "../../platform/stripe.ts";
import { newFormToken } from "../act.ts";
import { type ConnectionAct, connectionHref } from "../hrefs.ts";
import { Icon } from "../layout/icon.tsx";
import { countWords, wordsOf } from "../status-words.ts";
import { Badge } from "./badge.tsx";
import { EventTypes } from "./connection-actions.tsx";
import { ConnectionFeatures } from "./connection-features.tsx";
import { CopyField, CopyId } from "./copy.tsx";
import { Menu } from "./menu.tsx";
import { Facts, Panel } from "./panel.tsx";
import { stripeHome, ViewInStripe } from "./stripe-link.tsx";
import { Time } from "./time.tsx";

type Props = {
  connection: DescribedConnection;
  now: number;
  /** Whether acts are offered. */
  mayConnect: boolean;
};

export function AccountPanel({ connection, now }: Props) {
  const { account, livemode } = connection;
  const place = [account.country, account.default_currency].filter((part) => part !== null).join(" · ");
  return (
    <Panel
      title="Account"
      more={<Outside to={stripeHome({ accountId: account.id, livemode })} words="Open in Stripe" />}
    >
      <div class="pad" id="account">
        <Facts
          facts={[
            ["Name", account.display_name ?? "Unnamed account"],
            ["Id", <CopyId id={account.id} label="account id" />],
            ["Country", place === "" ? null : place],
            ["Charges", <Enabled ok={account.charges_enabled} />],
            ["Payouts", <Enabled ok={account.payouts_enabled} />],
            ["Connected", <Time ms={Date.parse(connection.created_at)} now={now} />],
          ]}
        />
        {account.requirements.length === 0 ? null : (
          <div>
            <h3>Stripe still asks for</h3>
            <ul>
              {account.requirements.map((name) => (
                <li>{wordsOf(name)}</li>
              ))}
            </ul>
          </div>
        )}
        {account.onboarding_url === null ? null : (
          <p>
            <Outside to={account.onboarding_url} words="Finish in Stripe" />
          </p>
        )}
      </div>
    </Panel>
  );
}

export function KeyPanel(props: Props & { keySetAtMs: number | null }) {
  const { connection, now, mayConnect, keySetAtMs } = props;
  const { id, auth_type, secret_key_hint, publishable_key } = connection;
  const isByConnect = auth_type === "oauth";
  return (
    <Panel
      title={isByConnect ? "Access" : "API key"}
      more={mayConnect && !isByConnect ? <Act id={id} act="key" words="Replace key" /> : null}
    >
      <div class="pad">
        {isByConnect ? <p>Stripe Connect: no key of yours is kept here.</p> : null}
        <Facts
          facts={[
            ["Secret key", secret_key_hint === null ? null : <code>{secret_key_hint}</code>],
            ["Set", keySetAtMs === null ? null : <Time ms={keySetAtMs} now={now} />],
            [
              "Publishable key",
              publishable_key === null ? null : <CopyId id={publishable_key} label="publishable key" />,
            ],
          ]}
        />
        <ConnectionFeatures connection={connection} />
      </div>
    </Panel>
  );
}

export function WebhookPanel(
  props: Props & {
    /** Events in the last 24 hours, whichever way they came. */
    taken: number;
    secretSetAtMs: number | null;
    overlapUntilMs: number | null;
  },
) {
  const { connection, now, mayConnect, taken, secretSetAtMs, overlapUntilMs } = props;
  const { id, auth_type, webhook_endpoint_id: endpoint, last_webhook_at } = connection;
  const isOwn = auth_type === "api_key";
  return (
    <Panel
      title="Webhook"
      more={
        mayConnect && isOwn ? (
          <span class="acts">
            <Act id={id} act="signing-secret" words="Replace signing secret" />
            <Act id={id} act="webhook" words={endpoint === null ? "Make it for me" : "Repair"} />
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

export function SyncPanel({ connection, mayConnect }: Props) {
  const { customer, invoice, subscription } = connection.sync_config;
  const state = (ok: boolean) => <Badge tone={ok ? "good" : "idle"}>{ok ? "On" : "Off"}</Badge>;
  return (
    <Panel title="Sync" more={mayConnect ? <Act id={connection.id} act="settings" words="Change" /> : null}>
      <div class="pad">
        <Facts
          facts={[
            ["Payment links", state(invoice.outbound)],
            ["Customers to Stripe", state(customer.outbound)],
            ["Customers from Stripe", state(customer.inbound)],
            ["Subscriptions", state(subscription.inbound)],
          ]}
        />
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

function Enabled({ ok }: { ok: boolean }) {
  return <Badge tone={ok ? "good" : "bad"}>{ok ? "Enabled" : "Not enabled"}</Badge>;
}

function Act({ id, act, words }: { id: string; act: ConnectionAct; words: string }) {
  return <a href={connectionHref(id, act)}>{words}</a>;
}

function Outside({ to, words }: { to: string; words: string }) {
  return (
    <a class="whole" href={to} target="_blank" rel="noopener noreferrer">
      {words} <Icon name="external" />
      <span class="unseen"> (opens Stripe's dashboard)</span>
    </a>
  );
}

/** Of the page's head: what can be done to the connection as a whole. */
export function ConnectionMenu({ connection }: { connection: DescribedConnection }) {
  const { id, is_active } = connection;
  return (
    <div class="actions">
      <form method="post" action={connectionHref(id, "test")}>
        <input type="hidden" name="token" value={newFormToken()} />
        <button type="submit" name="confirm" value="yes">
          Test
        </button>
      </form>
      <a class="button" href={connectionHref(id, is_active ? "pause" : "resume")}>
        {is_active ? "Pause…" : "Resume…"}
      </a>
      <Menu label="More acts">
        <a href={connectionHref(id, "settings")}>Name and sync…</a>
        <a class="danger" href={connectionHref(id, "disconnect")}>
          Disconnect…
        </a>
      </Menu>
    </div>
  );
}

/** Those before, folded: their secrets are erased, and their history stays. */
export function FormerConnections({ former, now }: { former: readonly DescribedConnection[]; now: number }) {
  if (former.length === 0) return null;
  return (
    <details class="panel pad">
      <summary>{countWords(former.length, "former connection")}</summary>
      <ul>
        {former.map(({ id, name, account, status_detail, created_at }) => (
          <li>
            <strong>{name}</strong> {account.display_name ?? account.id} <code>{id}</code>
            <span class="reason">
              {status_detail} Connected <Time ms={Date.parse(created_at)} now={now} />
            </span>
          </li>
        ))}
      </ul>
    </details>
  );
}
