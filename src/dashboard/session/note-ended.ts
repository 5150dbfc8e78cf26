// Who comes with a session that has ended, or whose key is gone, is noted as a key that is refused is: once an hour. A
// cookie that we did not sign is nobody's.

import { noteSecurity } from "../../directory/security-log.ts";
import type { DashboardContext } from "../dashboard-env.ts";
import { readSession, type SessionDoor } from "./session-cookie.ts";

/** Never throws. */
export async function noteEnded(c: DashboardContext, door: SessionDoor): Promise<void> {
  const claims = await readSession(c, door);
  if (claims === null) return;
  const { sessionId, tenantId, environmentId } = claims;
  await noteSecurity(c.get("deps"), {
    event: "session.refused",
    outcome: "refused",
    scope: { tenantId, environmentId },
    detail: { reason: "ended", session_id: sessionId },
    oncePerHour: sessionId,
  });
}
