// Who is signed in, and the way out.

import type { Session } from "../dashboard-env.ts";
import { href } from "../hrefs.ts";

export function Who({ session }: { session: Session }) {
  return (
    <form class="who" method="post" action={href("/sign-out")}>
      <p>
        <span class="key-name">{session.keyName}</span>
        <span class="muted">
          <code>{session.keyHint}</code> · {session.principal.role}
        </span>
      </p>
      <button class="quiet small" type="submit">
        Sign out
      </button>
    </form>
  );
}
