// Why a fact belongs to nothing here.

import type { Missed } from "./recorded.ts";

export const OTHER_TENANT: Missed = missed(
  "other_tenant",
  "Its metadata names another tenant or environment.",
);

export function missed(reason: string, detail: string, waitsFor: string | null = null): Missed {
  return { missed: reason, detail, waitsFor };
}
