// The body of a message: the same text for every destination and every try.

import { timestamp } from "../http/fields.ts";
import type { MessageRow } from "../ledger/notifications/deliveries.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import { renderObject } from "./render-object.ts";

export function messageBody(deps: Pick<Deps, "publicUrl">, scope: Scope, message: MessageRow): string {
  return bodyOf(scope, message, renderObject(deps, message));
}

/** @param message with `isTest` the body says `"test": true`; all others have no such field */
export function bodyOf(
  scope: Scope,
  message: { id: string; type: string; createdAtMs: number; isTest?: boolean },
  object: object,
): string {
  return JSON.stringify({
    id: message.id,
    type: message.type,
    ...(message.isTest && { test: true }),
    created_at: timestamp(message.createdAtMs),
    tenant_id: scope.tenantId,
    environment_id: scope.environmentId,
    data: { object },
  });
}
