// The frame of a signed-in page: where one is (tenant, environment, mode), where one can go, and who one is. On a
// narrow screen it is a bar with the environment, the search and a menu that says the present place.

import type { PropsWithChildren } from "hono/jsx";
import { MOST_SOUGHT_CHARACTERS } from "../../platform/bounds.ts";
import type { Surroundings } from "../ask-ledger.ts";
import type { Session } from "../dashboard-env.ts";
import { href } from "../hrefs.ts";
import { Moment } from "../parts/time.tsx";
import type { HeldEnvironment } from "../session/held-sessions.ts";
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
  /** To which one can switch at once. */
  beside: readonly HeldEnvironment[];
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
      Operator's view: read-only, without contents, until <Moment ms={session.viewEndsAtMs} />. The audit log
      shows it to the tenant.
    </p>
  );
}

function Side({ session, place, surroundings, searched, beside }: ShellProps) {
  return (
    <>
      <Brand href={href("/")} />
      <Switcher session={session} beside={beside} />
      <SearchField searched={searched} />
      <Navigation session={session} place={place} surroundings={surroundings} />
      <Who session={session} />
    </>
  );
}

function PresentPlace({ place }: { place: Place | null }) {
  if (place === null) return <span class="words">Menu</span>;
  const short = SHORT[place];
  return (
    <>
      <span class="words" aria-hidden={short === undefined ? undefined : "true"}>
        {short ?? place}
      </span>
      <span class="unseen">{short === undefined ? " (menu)" : `${place} (menu)`}</span>
    </>
  );
}

/** Where there is little room for the name. */
const SHORT: Partial<Record<Place, string>> = {
  "Checkout sessions": "Checkout",
  "Event destinations": "Destinations",
  "Webhook events": "Webhooks",
};

function Top({ session, place, surroundings, beside }: ShellProps) {
  return (
    <>
      <Switcher session={session} beside={beside} />
      <a class="button" href={href("/search")} aria-label="Search" data-search="">
        <Icon name="search" />
      </a>
      <details class="menu" data-menu="">
        <summary class="button">
          <Icon name="menu" />
          <PresentPlace place={place} />
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
          maxlength={MOST_SOUGHT_CHARACTERS}
          data-search=""
        />
        <span class="key" aria-hidden="true">
          /
        </span>
      </form>
    </search>
  );
}
