// The way back to the platform that has sent the person here.

import type { Session } from "../dashboard-env.ts";
import { safeHref } from "../hrefs.ts";

/** Nothing for a session that came from nowhere. */
export function BackToPlatform({ session }: { session: Pick<Session, "returnUrl"> }) {
  const href = safeHref(session.returnUrl);
  if (href === null) return null;
  return (
    <a class="back" href={href} rel="noreferrer">
      Back to {new URL(href).host}
    </a>
  );
}
