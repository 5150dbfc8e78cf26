// What a stuck job is about, from its stored message. Messages of every version are there, so nothing of
// their shape is taken for granted.

import { z } from "zod";
import type { JobRow } from "../platform/outbox.ts";
import { wordsOf } from "./status-words.ts";

const about = z.object({ invoiceId: z.string() });

/** @returns what it does, and the invoice that it is for, if it says one */
export function jobView(row: Pick<JobRow, "kind" | "message">): { title: string; invoiceId: string | null } {
  return { title: wordsOf(row.kind), invoiceId: invoiceIdOf(row.message) };
}

/** The invoices that these jobs are for. */
export function invoiceIdsOf(rows: readonly Pick<JobRow, "kind" | "message">[]): string[] {
  return rows.map((row) => jobView(row).invoiceId).filter((id) => id !== null);
}

function invoiceIdOf(message: string): string | null {
  try {
    return about.safeParse(JSON.parse(message)).data?.invoiceId ?? null;
  } catch {
    return null;
  }
}
