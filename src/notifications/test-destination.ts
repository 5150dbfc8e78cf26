// Sends an example to a destination at once and says what came back: signed with the real secret, in the
// real shape. It is no delivery: it is not retried, and changes nothing on the destination.

import { openSecret } from "../directory/secret-store.ts";
import { auditEntry } from "../platform/audit.ts";
import { commit } from "../platform/commit.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import { newId } from "../platform/ids.ts";
import { judge } from "./delivery-state.ts";
import { findSigningSecrets, getDestination } from "./destination-store.ts";
import { messageBody } from "./message-body.ts";
import type { NotificationType } from "./notification-types.ts";
import { exampleObject, type ObjectSource } from "./object-source.ts";
import { type Sent, sendMessage } from "./send-message.ts";

export type TestResult = {
  ok: boolean;
  messageId: string;
  type: NotificationType;
  error: string | null;
  sent: Sent;
};

/**
 * @throws AppError `not_found`, `secret_unreadable`, `resolver_unavailable` (retryable)
 */
export async function testDestination(
  deps: Deps,
  objects: ObjectSource,
  scope: Scope,
  id: string,
  type: NotificationType,
): Promise<TestResult> {
  const destination = await getDestination(deps, scope, id);
  const rows = await findSigningSecrets(deps, scope, id);
  const secrets = await Promise.all(rows.map((row) => openSecret(deps, row)));
  const messageId = newId("msg");
  const object = exampleObject(objects, deps, scope, type);
  const body = messageBody(scope, { id: messageId, type, createdAtMs: deps.now(), object });
  const sent = await sendMessage(deps, destination.url, secrets, { id: messageId, body });
  const verdict = judge(sent);
  const database = deps.database(scope);
  await commit(database, [
    auditEntry(database, deps, scope, {
      action: "event_destination.tested",
      object: "event_destination",
      objectId: id,
      detail: { type, ok: verdict.ok },
    }),
  ]);
  return { ok: verdict.ok, messageId, type, error: verdict.ok ? null : verdict.error, sent };
}
