// Sends an example to a destination at once and says what came back: signed with the real secret, in the
// real shape, and marked as a test by its body and its id, so that nobody takes it for a payment. It is no delivery:
// it is not retried, and changes nothing on the destination.

import { ledger } from "../ledger/client.ts";
import type { Sent } from "../ledger/notifications/delivery-state.ts";
import { AppError } from "../platform/app-error.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import { newId } from "../platform/ids.ts";
import type { NotificationType } from "../platform/notification-types.ts";
import { exampleObject } from "./example-objects.ts";
import { bodyOf } from "./message-body.ts";
import { sendMessage } from "./send-message.ts";
import { openSigningSecrets } from "./signing-secrets.ts";

export type TestResult = {
  ok: boolean;
  messageId: string;
  type: NotificationType;
  error: string | null;
  sent: Sent;
};

/**
 * @throws AppError `not_found`, `conflict` without a signing secret, `secret_unreadable`, `resolver_unavailable` (retryable)
 */
export async function testDestination(
  deps: Deps,
  scope: Scope,
  id: string,
  type: NotificationType,
): Promise<TestResult> {
  const destination = await ledger(deps, scope).getDestination({ id });
  const secrets = await openSigningSecrets(deps, scope, id);
  if (secrets.length === 0) {
    await ledger(deps, scope).getDestination({ id });
    const detail = "The destination has no signing secret: rotate it, unless it is just being deleted.";
    throw new AppError("conflict", { detail });
  }
  const messageId = newId("msg_test");
  const message = { id: messageId, type, createdAtMs: deps.now(), isTest: true };
  const body = bodyOf(scope, message, exampleObject(deps, scope, type));
  const sent = await sendMessage(deps, destination.url, secrets, { id: messageId, body });
  const { ok, error } = await ledger(deps, scope).concludeTest({ destinationId: id, type, sent });
  return { ok, messageId, type, error, sent };
}
