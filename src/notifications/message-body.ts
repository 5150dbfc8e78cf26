// The body of a message: the same text for every destination and every try.

import { timestamp } from "../http/fields.ts";
import type { Scope } from "../platform/deps.ts";

export function messageBody(
  scope: Scope,
  message: { id: string; type: string; createdAtMs: number; object: object },
): string {
  return JSON.stringify({
    id: message.id,
    type: message.type,
    created_at: timestamp(message.createdAtMs),
    tenant_id: scope.tenantId,
    environment_id: scope.environmentId,
    data: { object: message.object },
  });
}
