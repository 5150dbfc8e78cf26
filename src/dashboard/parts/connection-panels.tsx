// What there is to know of a live connection, a card a matter, each with the one act that changes it. Its webhook has
// a file of its own.

import type { DescribedConnection } from "../../connections/describe-connections.ts";
import { Icon } from "../layout/icon.tsx";
import { wordsOf } from "../status-words.ts";
import { Badge } from "./badge.tsx";
import { ConnectionFeatures } from "./connection-features.tsx";
import { ActLink } from "./connection-menu.tsx";
import { CopyId } from "./copy.tsx";
import { Facts, Panel } from "./panel.tsx";
import { stripeHome } from "./stripe-link.tsx";
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
      more={mayConnect && !isByConnect ? <ActLink id={id} act="key" words="Replace key" /> : null}
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

export function SyncPanel({ connection, mayConnect }: Props) {
  const { customer, invoice, subscription } = connection.sync_config;
  const state = (ok: boolean) => <Badge tone={ok ? "good" : "idle"}>{ok ? "On" : "Off"}</Badge>;
  return (
    <Panel
      title="Sync"
      more={mayConnect ? <ActLink id={connection.id} act="settings" words="Change" /> : null}
    >
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

function Enabled({ ok }: { ok: boolean }) {
  return <Badge tone={ok ? "good" : "bad"}>{ok ? "Enabled" : "Not enabled"}</Badge>;
}

function Outside({ to, words }: { to: string; words: string }) {
  return (
    <a class="whole" href={to} target="_blank" rel="noopener noreferrer">
      {words} <Icon name="external" />
      <span class="unseen"> (opens Stripe's dashboard)</span>
    </a>
  );
}
