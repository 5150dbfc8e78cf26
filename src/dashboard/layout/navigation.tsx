// The places as a list, each with what there needs somebody.

import type { Surroundings } from "../ask-ledger.ts";
import { connectionLook } from "../connection-look.ts";
import type { Session } from "../dashboard-env.ts";
import { href } from "../hrefs.ts";
import { mayAct } from "../session/may-act.ts";
import { Icon } from "./icon.tsx";
import { NAVIGATION, type NavigationPlace, type Place } from "./places.ts";

type Props = { session: Session; place: Place | null; surroundings: Surroundings | null };

export function Navigation({ session, place, surroundings }: Props) {
  return (
    <nav class="nav" aria-label="Dashboard">
      {NAVIGATION.map(({ group, places }) => (
        <>
          {group === null ? null : <p class="group">{group}</p>}
          <ul>
            {placesFor(session, places).map((one) => (
              <li>
                <a href={href(one.path)} aria-current={one.name === place ? "page" : undefined}>
                  <Icon name={one.icon} />
                  {one.name}
                  {surroundings === null ? null : <Mark of={one.mark} surroundings={surroundings} />}
                </a>
              </li>
            ))}
            {group === "Developers" ? (
              <li>
                <a href="/docs">
                  <Icon name="docs" />
                  API docs
                </a>
              </li>
            ) : null}
          </ul>
        </>
      ))}
    </nav>
  );
}

function placesFor(session: Session, places: readonly NavigationPlace[]): readonly NavigationPlace[] {
  return places.filter(({ least, right }) => mayAct(session, least ?? "read", right));
}

function Mark({ of, surroundings }: { of: NavigationPlace["mark"]; surroundings: Surroundings }) {
  const { issues, attention, connection } = surroundings;
  switch (of) {
    case "issues":
      return <Count count={issues.length} isBad={issues.some(({ severity }) => severity === "critical")} />;
    case "disputes":
      return <Count count={attention.disputes?.count ?? 0} isBad />;
    case "connection": {
      if (connection === null) return <Dot tone="idle" words="not connected" />;
      const { tone, word } = connectionLook(connection);
      return <Dot tone={tone} words={word} />;
    }
    case "destinations":
      return attention.destinations.length === 0 ? null : <Dot tone="bad" words="not all is delivered" />;
    default:
      return null;
  }
}

function Count({ count, isBad }: { count: number; isBad: boolean }) {
  if (count === 0) return null;
  return <span class={`count ${isBad ? "bad" : "warn"}`}>{count.toLocaleString("en")}</span>;
}

function Dot({ tone, words }: { tone: string; words: string }) {
  return (
    <span class={`dot ${tone}`} title={words}>
      <span class="unseen">{words}</span>
    </span>
  );
}
