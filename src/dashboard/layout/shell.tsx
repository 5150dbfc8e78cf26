// The frame of a signed-in page: where one is (tenant, environment, mode), where one can go, and who one is.

import type { PropsWithChildren } from "hono/jsx";
import type { Session } from "../dashboard-env.ts";
import { href } from "../hrefs.ts";
import { Badge } from "../parts/badge.tsx";
import { mayAct } from "../session/may-act.ts";
import { Frame } from "./frame.tsx";
import { Brand, Icon, type IconName } from "./icon.tsx";

export const NAVIGATION = [
  { name: "Overview", path: "/", icon: "overview" },
  { name: "Invoices", path: "/invoices", icon: "invoices" },
  { name: "Payments", path: "/payments", icon: "payments" },
  { name: "Customers", path: "/customers", icon: "customers" },
  { name: "Subscriptions", path: "/subscriptions", icon: "subscriptions" },
  { name: "Mails", path: "/mails", icon: "mails" },
  { name: "Webhook events", path: "/webhook-events", icon: "events" },
  { name: "Event destinations", path: "/event-destinations", icon: "destinations" },
  { name: "Connections", path: "/connections", icon: "connections" },
  { name: "Stuck jobs", path: "/stuck-jobs", icon: "jobs" },
] as const satisfies { name: string; path: string; icon: IconName }[];

const FOR_ADMINS = [{ name: "Audit log", path: "/audit-log", icon: "audit" }] as const;

/** A name in the navigation: the part of the dashboard that a page belongs to. */
export type Place = (typeof NAVIGATION)[number]["name"] | (typeof FOR_ADMINS)[number]["name"];

export function Shell({
  session,
  place,
  children,
}: PropsWithChildren<{ session: Session; place: Place | null }>) {
  return <Frame side={<Side session={session} place={place} />}>{children}</Frame>;
}

function Side({ session, place }: { session: Session; place: Place | null }) {
  return (
    <>
      <Brand href={href("/")} />
      <Where session={session} />
      <nav class="nav" aria-label="Dashboard">
        <ul>
          {[...NAVIGATION, ...(mayAct(session, "admin") ? FOR_ADMINS : [])].map(({ name, path, icon }) => (
            <li>
              <a href={href(path)} aria-current={name === place ? "page" : undefined}>
                <Icon name={icon} />
                {name}
              </a>
            </li>
          ))}
          <li class="apart">
            <a href="/docs">
              <Icon name="docs" />
              API docs
            </a>
          </li>
        </ul>
      </nav>
      <Who session={session} />
    </>
  );
}

function Where({ session }: { session: Session }) {
  const { livemode, scope } = session.principal;
  return (
    <div class="where" title={`${scope.tenantId} / ${scope.environmentId}`}>
      <span class="tenant">{session.tenantName}</span>
      <span class="environment">{session.environmentName}</span>
      <Badge tone={livemode ? "good" : "warn"}>{livemode ? "Live" : "Test"}</Badge>
    </div>
  );
}

function Who({ session }: { session: Session }) {
  return (
    <form class="who" method="post" action={href("/sign-out")}>
      <p>
        <span class="key-name">{session.keyName}</span>
        <span class="muted">
          <code>{session.keyHint}</code> · {session.principal.role}
        </span>
      </p>
      <button class="quiet" type="submit">
        Sign out
      </button>
    </form>
  );
}
