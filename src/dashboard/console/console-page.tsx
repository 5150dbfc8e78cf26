// The frame of the console's pages.

import type { Child } from "hono/jsx";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import type { DashboardContext } from "../dashboard-env.ts";
import { renderDocument } from "../layout/document.tsx";
import { Frame } from "../layout/frame.tsx";
import { Brand, Icon, type IconName } from "../layout/icon.tsx";

export const CONSOLE_PLACES = [
  { name: "Health", path: "/console", icon: "home" },
  { name: "Environments", path: "/console/environments", icon: "issues" },
  { name: "Tenants", path: "/console/tenants", icon: "customers" },
  { name: "Messages", path: "/console/messages", icon: "mails" },
  { name: "Audit log", path: "/console/audit-log", icon: "audit" },
] as const satisfies readonly { name: string; path: string; icon: IconName }[];

export type ConsolePlace = (typeof CONSOLE_PLACES)[number]["name"];

/** @param page.status that of a refusal which the page shows; left out: 200 */
export function renderConsole(
  c: DashboardContext,
  page: { title: string; place: ConsolePlace | null; status?: number | undefined },
  content: Child,
) {
  const { title, place, status = 200 } = page;
  const who = c.get("deps").actor.name ?? "Operator";
  const children = (
    <Frame side={<Side place={place} who={who} />} top={<Top place={place} who={who} />}>
      {content}
    </Frame>
  );
  return c.html(
    renderDocument({ title: `${title} · Console`, nonce: c.get("secureHeadersNonce"), children }),
    status as ContentfulStatusCode,
  );
}

type FrameProps = { place: ConsolePlace | null; who: string };

function Side(props: FrameProps) {
  return (
    <>
      <Brand href="/console" />
      <Places place={props.place} />
      <SignOut who={props.who} />
    </>
  );
}

function Top(props: FrameProps) {
  return (
    <>
      <Brand href="/console" />
      <details class="menu" data-menu="">
        <summary class="button">
          <Icon name="menu" />
          <span class="words">{props.place ?? "Console"}</span>
          <span class="unseen"> (menu)</span>
        </summary>
        <div class="sheet">
          <Places place={props.place} />
          <SignOut who={props.who} />
        </div>
      </details>
    </>
  );
}

function Places({ place }: { place: ConsolePlace | null }) {
  return (
    <nav class="nav" aria-label="Console">
      <ul>
        {CONSOLE_PLACES.map(({ name, path, icon }) => (
          <li>
            <a href={path} aria-current={name === place ? "page" : undefined}>
              <Icon name={icon} />
              {name}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}

function SignOut({ who }: { who: string }) {
  return (
    <form class="who" method="post" action="/console/sign-out">
      <p>
        <span class="key-name">{who}</span>
        <span class="muted">console</span>
      </p>
      <button class="quiet small" type="submit">
        Sign out
      </button>
    </form>
  );
}
