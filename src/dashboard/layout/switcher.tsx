// Which environment one is in, and the way to the tenant's others: at once to those in which one is signed in.

import type { Session } from "../dashboard-env.ts";
import { href } from "../hrefs.ts";
import { Badge } from "../parts/badge.tsx";
import { SwitchTo } from "../parts/switch-to.tsx";
import type { HeldEnvironment } from "../session/held-sessions.ts";
import { Icon } from "./icon.tsx";

export function Switcher({ session, beside }: { session: Session; beside: readonly HeldEnvironment[] }) {
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
        {beside.map((environment) => (
          <SwitchTo {...environment} />
        ))}
        <a href={href("/environments")}>{beside.length === 0 ? "Switch environment" : "All environments"}</a>
        <hr />
        <p class="hint">
          <code>{session.principal.scope.environmentId}</code>
        </p>
      </div>
    </details>
  );
}
