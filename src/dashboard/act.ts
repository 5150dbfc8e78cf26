// What every action of the dashboard shares: the form's fields, a name for the call that is the same when the
// form is sent twice, and the verb's refusal as something to show beside the form.

import { readLimited, requireText } from "../http/body-guard.ts";
import { ledger } from "../ledger/client.ts";
import { AppError } from "../platform/app-error.ts";
import { sha256Hex } from "../platform/sha256.ts";
import type { DashboardContext, Session } from "./dashboard-env.ts";

const MAX_FORM_BYTES = 16 * 1024;

/** In every form of a page: the environment that the page was of. */
export const PAGE_OF = "page_of";

/**
 * @throws AppError `validation_failed` for a field that is no text, as the API does; `conflict` for a form of a page
 * of another environment, from which one has switched since in another tab: what it asks is not done in this one
 */
export async function readForm(c: DashboardContext, maxBytes = MAX_FORM_BYTES): Promise<URLSearchParams> {
  const form = new URLSearchParams(await readLimited(c.req.raw, maxBytes));
  requireText(Object.fromEntries(form));
  const pageOf = form.get(PAGE_OF);
  form.delete(PAGE_OF);
  const session = c.get("session") as Session | undefined;
  if (pageOf !== null && session !== undefined && pageOf !== session.principal.scope.environmentId) {
    const detail = `This page was of another environment, and you are in ${session.environmentName} now. Nothing was done. Switch back, and send it again from there.`;
    throw new AppError("conflict", { detail });
  }
  return form;
}

/** Goes into a form as its hidden `token`: sent twice, the form is still one call. */
export function newFormToken(): string {
  return crypto.randomUUID();
}

/** The form's token; null when it is missing or was tampered with. */
export function formToken(form: URLSearchParams): string | null {
  const token = form.get("token") ?? "";
  return /^[0-9a-f-]{36}$/.test(token) ? token : null;
}

/**
 * Names a call by its form's token, its key and all that it asks for, as an Idempotency-Key does for the API:
 * 32 hexadecimal characters for `deps.callId`.
 */
export async function callIdOf(
  c: DashboardContext,
  token: string,
  asked: readonly string[],
): Promise<string> {
  const { keyId, scope } = c.get("session").principal;
  const text = ["dashboard", scope.environmentId, keyId, c.req.path, token, ...asked].join("\n");
  return (await sha256Hex(text)).slice(0, 32);
}

/**
 * Runs a verb once for a form, however often that is sent; for verbs that do not tell a repeat by themselves.
 * A form without a token, which no page of ours makes, is a call of its own each time.
 * @param asked all that the form asks for
 * @returns as {@link attempt}; null for a form whose call is done, or still running
 * @throws AppError `not_found`, and whatever is no AppError
 */
export async function attemptOnce<T>(
  c: DashboardContext,
  form: URLSearchParams,
  asked: readonly string[],
  verb: () => Promise<T>,
): Promise<Tried<T> | null> {
  const token = formToken(form);
  if (token === null) return attempt(verb);
  const deps = c.get("deps");
  const { scope } = c.get("session").principal;
  const call = await callIdOf(c, token, asked);
  const key = `dashboard/${call}`;
  const calls = ledger(deps, scope);
  if (await calls.claimCall({ key, fingerprint: call })) return null;
  try {
    const done = await attempt(verb);
    if (!done.ok) await calls.releaseCall({ key });
    return done;
  } catch (error) {
    await calls.releaseCall({ key });
    throw error;
  }
}

export type Tried<T> = { ok: true; value: T } | { ok: false; problem: AppError };

/**
 * Runs a verb. Its refusal is returned, to be shown where it was asked for.
 * @throws AppError `not_found`, and whatever is no AppError: those are pages of their own
 */
export async function attempt<T>(verb: () => Promise<T>): Promise<Tried<T>> {
  try {
    return { ok: true, value: await verb() };
  } catch (error) {
    if (!(error instanceof AppError) || error.code === "not_found") throw error;
    return { ok: false, problem: error };
  }
}
