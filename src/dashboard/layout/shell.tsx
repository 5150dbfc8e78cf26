// The frame of a signed-in page: where one is (tenant, environment, mode), where one can go, and who one is. On a
// narrow screen it is a bar with the environment, the search and a menu that says the present place.

import type { PropsWithChildren } from "hono/jsx";
import type { Surroundings } from "../ask-ledger.ts";
import type { Session } from "../dashboard-env.ts";
import { href } from "../hrefs.ts";
import { Moment } from "../parts/time.tsx";
import { Frame } from "./frame.tsx";
import { Brand, Icon } from "./icon.tsx";
import { Navigation } from "./navigation.tsx";
import type { Place } from "./places.ts";
import { Switcher } from "./switcher.tsx";
import { Who } from "./who.tsx";

type ShellProps = PropsWithChildren<{
  session: Session;
  place: Place | null;
  /** Null where the ledger does not answer. */
  surroundings: Surroundings | null;
  /** What was searched for, on the page that says what was found. */
  searched?: string | undefined;
}>;

export function Shell({ children, ...props }: ShellProps) {
  const { session } = props;
  return (
    <Frame
      side={<Side {...props} />}
      top={<Top {...props} />}
      strip={
        <>
          <OperatorStrip session={session} />
          {session.principal.livemode ? null : <p class="strip-sandbox">Sandbox: no real money moves.</p>}
        </>
      }
    >
      {children}
    </Frame>
  );
}

/** Who looks at somebody else's environment is told so on every page. */
function OperatorStrip({ session }: { session: Session }) {
  if (session.viewEndsAtMs === null) return null;
  return (
    <p class="strip-operator">
      You look at this environment as its operator: read-only, without contents, until{" "}
      <Moment ms={session.viewEndsAtMs} />. Its tenant sees in the audit log that you do.
    </p>
  );
}

function Side({ session, place, surroundings, searched }: ShellProps) {
  return (
    <>
      <Brand href={href("/")} />
      <Switcher session={session} />
      <SearchField searched={searched} />
      <Navigation session={session} place={place} surroundings={surroundings} />
      <Who session={session} />
    </>
  );
}

function Top({ session, place, surroundings }: ShellProps) {
  return (
    <>
      <Switcher session={session} />
      <a class="button" href={href("/search")} aria-label="Search" data-search="">
        <Icon name="search" />
      </a>
      <details class="menu" data-menu="">
        <summary class="button">
          <Icon name="menu" />
          <span class="words">{place ?? "Menu"}</span>
          {place === null ? null : <span class="unseen"> (menu)</span>}
        </summary>
        <div class="sheet">
          <Navigation session={session} place={place} surroundings={surroundings} />
          <Who session={session} />
        </div>
      </details>
    </>
  );
}

function SearchField({ searched }: { searched: string | undefined }) {
  return (
    <search>
      <form class="search" method="get" action={href("/search")}>
        <Icon name="search" />
        <input
          type="search"
          name="q"
          value={searched}
          placeholder="Search"
          aria-label="Search by id, number, name, email or amount"
          maxlength={200}
          data-search=""
        />
        <span class="key" aria-hidden="true">
          /
        </span>
      </form>
    </search>
  );
}
