// The first answer of each POST with an Idempotency-Key, sealed by the Worker. Only answers of calls that did
// something are kept: a refused call changed nothing, gives its key back and may be tried again.

import { ANSWERS_KEPT_MS } from "../../platform/call-id.ts";
import type { SealedAnswer } from "../../platform/sealed-answer.ts";
import type { Book } from "../book.ts";

/** What is known of a key that is taken. */
export type TakenKey = {
  /** SHA-256 of method, path and body, hexadecimal. */
  fingerprint: string;
  /** Null while the first call is still running. */
  answer: SealedAnswer | null;
};

type AnswerRow = {
  fingerprint: string;
  responseStatus: number | null;
  sealedKeyId: string | null;
  sealedIv: string | null;
  sealedBody: string | null;
  createdAtMs: number;
};

const ANSWER_OF = `SELECT fingerprint, response_status AS responseStatus, sealed_key_id AS sealedKeyId,
  sealed_iv AS sealedIv, sealed_body AS sealedBody, created_at_ms AS createdAtMs FROM idempotency_keys`;

// A call that neither answered nor failed in this time died with its isolate; its key may be used again.
const ABANDONED_MS = 60 * 1000;

/** Takes the key for this call where it is new, expired or abandoned: null. Else what is known of it. */
export function claimCall(
  book: Book,
  { key, fingerprint }: { key: string; fingerprint: string },
): TakenKey | null {
  const row = book.sql.first<AnswerRow>(`${ANSWER_OF} WHERE key = ?`, key);
  if (row && !isFree(row, fingerprint, book.nowMs)) {
    return { fingerprint: row.fingerprint, answer: answerOf(row) };
  }
  book.sql.run(
    `INSERT OR REPLACE INTO idempotency_keys (key, fingerprint, created_at_ms)
     VALUES (?, ?, ?)`,
    key,
    fingerprint,
    book.nowMs,
  );
  book.wake(book.nowMs + ANSWERS_KEPT_MS + ABANDONED_MS);
  return null;
}

/** What was kept of a call; null where nothing was, or no longer is. */
export function findAnswer(book: Book, { key }: { key: string }): SealedAnswer | null {
  const row = book.sql.first<AnswerRow>(`${ANSWER_OF} WHERE key = ?`, key);
  return row && row.createdAtMs >= book.nowMs - ANSWERS_KEPT_MS ? answerOf(row) : null;
}

export function keepAnswer(book: Book, { key, answer }: { key: string; answer: SealedAnswer }): void {
  book.sql.run(
    `UPDATE idempotency_keys SET response_status = ?, sealed_key_id = ?, sealed_iv = ?, sealed_body = ?
     WHERE key = ?`,
    answer.status,
    answer.sealed.keyId,
    answer.sealed.iv,
    answer.sealed.ciphertext,
    key,
  );
}

/** Gives the key back: what was called has changed nothing. */
export function releaseCall(book: Book, { key }: { key: string }): void {
  book.sql.run("DELETE FROM idempotency_keys WHERE key = ?", key);
}

/** @returns how many went, at most the limit */
export function forgetAnswers(book: Book, limit: number): number {
  const old = book.sql.all<{ key: string }>(
    "SELECT key FROM idempotency_keys WHERE created_at_ms < ? ORDER BY created_at_ms LIMIT ?",
    book.nowMs - ANSWERS_KEPT_MS,
    limit,
  );
  for (const { key } of old) releaseCall(book, { key });
  return old.length;
}

function isFree(row: AnswerRow, fingerprint: string, nowMs: number): boolean {
  if (row.createdAtMs < nowMs - ANSWERS_KEPT_MS) return true;
  const isAbandoned = row.responseStatus === null && row.createdAtMs < nowMs - ABANDONED_MS;
  return isAbandoned && row.fingerprint === fingerprint;
}

function answerOf({ responseStatus, sealedKeyId, sealedIv, sealedBody }: AnswerRow): SealedAnswer | null {
  if (responseStatus === null || sealedKeyId === null || sealedIv === null || sealedBody === null)
    return null;
  return { status: responseStatus, sealed: { keyId: sealedKeyId, iv: sealedIv, ciphertext: sealedBody } };
}
