// The environment's connections: the live one, and those that were disconnected before it.

import { type ConnectionView, readConnections } from "../connection-view.ts";
import type { DashboardContext } from "../dashboard-env.ts";
import { renderPage } from "../layout/render.tsx";
import { Badge } from "../parts/badge.tsx";
import { ConnectionState, NextSteps, NoConnection } from "../parts/connection-summary.tsx";
import { CopyField } from "../parts/copy.tsx";
import { Facts, PageHead, Panel } from "../parts/panel.tsx";
import { ExactTime } from "../parts/time.tsx";

export async function showConnections(c: DashboardContext) {
  const deps = c.get("deps");
  const connections = await readConnections(deps, c.get("session").principal.scope);
  const isLive = (connection: ConnectionView) => connection.status !== "disconnected";
  return renderPage(
    c,
    { title: "Connections", place: "Connections" },
    <>
      <PageHead title="Connections" note="One live connection to a Stripe account in each environment." />
      {connections.some(isLive) ? null : <NoConnection />}
      {[...connections.filter(isLive), ...connections.filter((one) => !isLive(one))].map((connection) => (
        <ConnectionPanel connection={connection} now={deps.now()} />
      ))}
    </>,
  );
}

function ConnectionPanel({ connection, now }: { connection: ConnectionView; now: number }) {
  const time = (text: string | null) =>
    text === null ? null : <ExactTime ms={Date.parse(text)} now={now} />;
  return (
    <Panel
      title={connection.name}
      more={
        <Badge tone={connection.livemode ? "good" : "warn"}>{connection.livemode ? "Live" : "Test"}</Badge>
      }
    >
      <div class="pad">
        <ConnectionState connection={connection} />
        <NextSteps connection={connection} />
        <Facts
          facts={[
            ...accountFacts(connection),
            ["Webhook URL", <CopyField label="webhook URL" value={connection.webhook_url} />],
            ["Signing secret", connection.webhook_secret_set ? "set" : "not set"],
            ["Secret key", <code>{connection.secret_key_hint}</code>],
            [
              "Publishable key",
              connection.publishable_key === null ? null : <code>{connection.publishable_key}</code>,
            ],
            ["Last event", time(connection.last_event_at) ?? "none yet"],
            ["Connected", time(connection.created_at)],
            ["Connection id", <code>{connection.id}</code>],
          ]}
        />
      </div>
    </Panel>
  );
}

function accountFacts({ account }: ConnectionView): [string, string][] {
  const place = [account.country, account.default_currency].filter((part) => part !== null).join(", ");
  return [
    ["Account", `${account.display_name ?? "Unnamed account"}${place === "" ? "" : ` (${place})`}`],
    ["Account id", account.id],
    ["Payments", account.charges_enabled ? "enabled" : "not enabled by Stripe"],
    ["Payouts", account.payouts_enabled ? "enabled" : "not enabled by Stripe"],
  ];
}
