// Takes in one delivery from Stripe: verified, put on the queue, and only then answered with 200. The hot
// path makes no write and, with a warm cache, no query. Every refusal has the same words for the sender.

import { isOpenedHere, openForWebhooks, type WebhookConnection } from "../connections/open-connection.ts";
import type { RefusalReason } from "../connections/refusals.ts";
import { isWithinLimit, rateLimited } from "../http/rate-limit.ts";
import { countUnknown, isBlocked, refuseBlocked, refuseUnknown } from "../http/refused-addresses.ts";
import { senderOf } from "../http/sender.ts";
import { AppError } from "../platform/app-error.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import { OWN_ID } from "../platform/ids.ts";
import { toScope } from "../platform/scope.ts";
import { letIn } from "./let-in.ts";
import { noteRefusal } from "./note-refusal.ts";
import {
  readHeader,
  type SignatureProblem,
  type TimelyHeader,
  type Verification,
  verifySignature,
} from "./verify-signature.ts";

/**
 * @param rawBody the body as it arrived
 * @throws AppError `signature_refused` (400); `rate_limited` and `over_budget` (429), `secret_unreadable`, `queue_unavailable`
 * or `database_unavailable` (503): Stripe sends the event again
 */
export async function receiveEvent(
  deps: Deps,
  scope: Scope,
  rawBody: string,
  header: string | undefined,
): Promise<void> {
  const timely = await readSignature(deps, scope, header);
  const { connection, found, verification, overLimit } = await verifyAgainst(deps, scope, rawBody, timely);
  if (!connection || !verification.ok) {
    const reason = reasonOf(found, verification);
    if (reason !== "no_connection") noteRefusal(deps, scope, SHOWN_AS[reason]);
    if (overLimit) throw rateLimited("refused");
    logRefused(deps, scope, reason);
    throw signatureRefused();
  }
  await letIn(deps, toScope({ ...scope, jurisdiction: connection.jurisdiction }), connection.id, rawBody);
}

/**
 * Refuses what nobody of ours can have signed, by the address and the header alone: before the body is read, and
 * before anything is looked up.
 * @throws AppError `signature_refused` (400), `rate_limited` (429)
 */
export async function readSignature(
  deps: Deps,
  scope: Scope,
  header: string | undefined,
): Promise<TimelyHeader> {
  // No id of ours has another form.
  if (!OWN_ID.test(scope.tenantId) || !OWN_ID.test(scope.environmentId)) throw signatureRefused();
  const read = readHeader(header, deps.now());
  if (read.ok) return read.header;
  noteRefusal(deps, scope, SHOWN_AS[read.reason]);
  if (!(await isWithinRefused(deps, scope))) throw rateLimited("refused");
  logRefused(deps, scope, read.reason);
  throw signatureRefused();
}

function logRefused(deps: Deps, scope: Scope, reason: string): void {
  deps.log.warn("webhook refused", { tenant: scope.tenantId, environment: scope.environmentId, reason });
}

/** The one refusal, for whatever reason: a sender learns nothing about tenants, secrets or clocks. */
export function signatureRefused(): AppError {
  const detail = "The webhook was refused: its signature could not be verified for this address.";
  return new AppError("signature_refused", { detail });
}

/** How a refusal shows on its connection. */
export const SHOWN_AS = {
  no_header: "not_an_event",
  no_timestamp: "not_an_event",
  no_signature: "not_an_event",
  stale: "stale",
  no_secret: "no_secret",
  no_match: "wrong_secret",
  disabled: "disabled",
} as const satisfies Record<SignatureProblem | "disabled", RefusalReason>;

/** What is at the address. */
type Found = "connection" | "switched_off" | "nothing";

function reasonOf(found: Found, verification: Verification): SignatureProblem | "disabled" | "no_connection" {
  if (found === "switched_off") return "disabled";
  return verification.ok || found === "nothing" ? "no_connection" : verification.reason;
}

type Verified = {
  connection: WebhookConnection | null;
  found: Found;
  verification: Verification;
  /** Whether this address sent too many bad signatures here. */
  overLimit: boolean;
};

/**
 * Tries what this isolate has cached; before a refusal, what the database has now, or had when another was refused
 * within the last second. A sender of many bad signatures is refused by what is cached.
 */
async function verifyAgainst(
  deps: Deps,
  scope: Scope,
  rawBody: string,
  timely: TimelyHeader,
): Promise<Verified> {
  if (!isOpenedHere(scope)) refuseBlocked(deps, "webhook");
  const first = await open({ fresh: false });
  const tried = await verifyWith(first.connection);
  if (tried.connection && tried.verification.ok) return { ...tried, overLimit: false };
  if (!first.connection) await refuseUnknown(deps, "webhook");
  const overLimit = first.connection !== null && !(await isWithinRefused(deps, scope));
  if (first.wasRead) return refused(tried);
  if (isBlocked(deps, "signature")) return { ...tried, overLimit: true };
  const again = await open({ fresh: true });
  return refused(await verifyWith(again.connection));

  /** Counted by the sender's address, too, whichever addresses of ours he tries. */
  async function refused(verified: Omit<Verified, "overLimit">): Promise<Verified> {
    const isGood = verified.connection !== null && verified.verification.ok;
    if (isGood || !first.connection) return { ...verified, overLimit };
    return { ...verified, overLimit: !(await countUnknown(deps, "signature")) || overLimit };
  }

  async function open(options: Parameters<typeof openForWebhooks>[2]) {
    try {
      return await openForWebhooks(deps, scope, options);
    } catch (error) {
      throw error instanceof AppError && error.code === "secret_unreadable"
        ? cannotVerify(deps, scope, error)
        : error;
    }
  }

  async function verifyWith(connection: WebhookConnection | null): Promise<Omit<Verified, "overLimit">> {
    const listening = connection?.isActive ? connection : null;
    const now = deps.now();
    const valid = (listening?.webhookSecrets ?? []).filter(
      ({ expiresAtMs }) => expiresAtMs === null || expiresAtMs > now,
    );
    const secrets = valid.map(({ value }) => value);
    const verification = await verifySignature(rawBody, timely, secrets, now);
    const found = listening ? "connection" : connection ? "switched_off" : "nothing";
    return { connection: listening, found, verification };
  }
}

/** Counts a refusal at this address of ours by the sender's. */
function isWithinRefused(deps: Deps, scope: Scope): Promise<boolean> {
  return isWithinLimit(deps, "refused", `${limitKey(scope)}/${senderOf(deps)}`);
}

/** A 503 for Stripe, without the words that name our keys: those are for the log. */
function cannotVerify(deps: Deps, scope: Scope, cause: AppError): AppError {
  const fields = { tenant: scope.tenantId, environment: scope.environmentId, error: cause.message };
  deps.log.error("signing secret unreadable", fields);
  const detail = "The webhook cannot be verified at present. Nothing was taken in: send it again later.";
  return new AppError("secret_unreadable", { detail, retryable: true, cause });
}

function limitKey(scope: Scope): string {
  return `${scope.tenantId}/${scope.environmentId}`;
}
