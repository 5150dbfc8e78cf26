// What may be kept of a change: a note, not a copy of the object, and never a secret.

import { maskSecrets } from "./logger.ts";
import type { AuditDetail, AuditValue } from "./tables/calls.ts";
import { cutText } from "./text.ts";

/** Something done that the audit log keeps. */
export type AuditAct = {
  /** A stable word: the object and what befell it, e.g. `connection.secret_key_changed`. */
  action: `${string}.${string}`;
  object: string;
  objectId: string;
  /** A few values that changed, or `{from, to}` of them. */
  detail?: AuditDetail;
};

const MAX_TEXT = 300;

export function cleanDetail(detail: AuditDetail): AuditDetail {
  const entries = Object.entries(detail).map(([name, value]) => [
    name,
    typeof value === "object" && value !== null
      ? { from: cleanValue(value.from), to: cleanValue(value.to) }
      : cleanValue(value),
  ]);
  return Object.fromEntries(entries);
}

function cleanValue(value: AuditValue): AuditValue {
  return typeof value === "string" ? cutText(maskSecrets(value), MAX_TEXT) : value;
}
