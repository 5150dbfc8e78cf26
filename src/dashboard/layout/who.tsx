// Who is signed in, the way back to where they came from, and the way out.

import type { Session } from "../dashboard-env.ts";
import { href } from "../hrefs.ts";
import { BackToPlatform } from "../parts/back-to-platform.tsx";
import { isOperatorView } from "../session/may-act.ts";

export function Who({ session }: { session: Session }) {
  if (isOperatorView(session)) return <Operator session={session} />;
  return (
    <form class="who" method="post" action={href("/sign-out")}>
      <p>
        <BackToPlatform session={session} />
        <span class="key-name">{session.person?.name ?? session.keyName}</span>
        <span class="muted">
          {session.person === null ? <code>{session.keyHint}</code> : session.person.email}
          {session.person !== null && !session.person.email ? null : " · "}
          {session.principal.role} · <a href={href("/sessions")}>Sessions</a>
        </span>
      </p>
      <button class="quiet small" type="submit">
        Sign out
      </button>
    </form>
  );
}

function Operator({ session }: { session: Session }) {
  return (
    <form class="who" method="post" action={href("/sign-out")}>
      <p>
        <span class="key-name">{session.person?.name}</span>
        <span class="muted">operator · read only</span>
      </p>
      <button class="quiet small" type="submit">
        Close
      </button>
    </form>
  );
}
