// Which environment one is in, and the way to the tenant's others.

import type { Session } from "../dashboard-env.ts";
import { href } from "../hrefs.ts";
import { Badge } from "../parts/badge.tsx";
import { Icon } from "./icon.tsx";

export function Switcher({ session }: { session: Session }) {
  const { livemode } = session.principal;
  return (
    <details class="where" data-menu="">
      <summary>
        <span class="tenant">{session.tenantName}</span>
        <span class="environment">{session.environmentName}</span>
        <Badge tone={livemode ? "good" : "sandbox"}>{livemode ? "Live" : "Test"}</Badge>
        <Icon name="switch" />
        <span class="unseen">Environments</span>
      </summary>
      <div class="floating">
        <a href={href("/environments")}>Switch environment</a>
        <hr />
        <p class="hint">
          <code>{session.principal.scope.environmentId}</code>
        </p>
      </div>
    </details>
  );
}
