// The connection at a glance: whose account, and whether money can come in, go out, and be heard of.

import type { DescribedConnection } from "../../connections/describe-connections.ts";
import { connectionLook } from "../connection-look.ts";
import { href } from "../hrefs.ts";
import { relativeTime } from "../time-words.ts";
import { Badge, StatusBadge } from "./badge.tsx";
import { Facts, Panel } from "./panel.tsx";

export function ConnectionCard(props: {
  connection: DescribedConnection;
  /** Webhooks are refused at this moment. */
  isRefusing: boolean;
  now: number;
}) {
  const { connection, isRefusing, now } = props;
  const { account, last_webhook_at } = connection;
  const can = (ok: boolean) => <Badge tone={ok ? "good" : "bad"}>{ok ? "Enabled" : "Not enabled"}</Badge>;
  return (
    <Panel title="Stripe" more={<a href={href("/connections")}>Connection</a>}>
      <div class="pad">
        <Facts
          facts={[
            ["Account", account.display_name ?? account.id],
            ["Status", <StatusBadge look={connectionLook(connection)} />],
            ["Charges", can(account.charges_enabled)],
            ["Payouts", can(account.payouts_enabled)],
            [
              "Webhooks",
              isRefusing ? (
                <Badge tone="bad">Refused</Badge>
              ) : last_webhook_at === null ? (
                <Badge tone="idle">None yet</Badge>
              ) : (
                <Badge tone="good">{relativeTime(Date.parse(last_webhook_at), now)}</Badge>
              ),
            ],
          ]}
        />
      </div>
    </Panel>
  );
}
