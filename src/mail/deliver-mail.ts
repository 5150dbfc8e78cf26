// Gives one mail to the provider, once. Whoever changes it to sending has it; a crash or a time-out after that
// leaves it in doubt, since it may have been sent. A provider that tells repeats by an idempotency key is then
// given the same again; of any other the mail ends as unknown, and is never repeated by itself.

import type { SQL } from "drizzle-orm";
import { deleteWork } from "../http/outbox-statements.ts";
import { ledger } from "../ledger/client.ts";
import { AppError } from "../platform/app-error.ts";
import { commit, type Statement } from "../platform/commit.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import type { EmailAddress } from "../platform/email-config.ts";
import { chooseProvider } from "./choose-provider.ts";
import { idempotencyKeyOf, KEY_REMEMBERED_MS } from "./idempotency-key.ts";
import type { MailContent } from "./mail-content.ts";
import { type MailOutcome, type MailProvider, PROVIDER_TIMEOUT_MS } from "./mail-provider.ts";
import { claimMail, findMail, hasEnded, type MailRow, settleMail } from "./store.ts";

/** `id` is that of the work which is done by it. */
export type MailJob = { id: string; mailId: string };

export type PreparedMail =
  | {
      wanted: true;
      content: MailContent;
      linkRevision: number | null;
      from: EmailAddress;
      replyTo: string | null;
    }
  /** What it was about has changed since; why, in words. */
  | { wanted: false; reason: string };

export type MailHooks = {
  /** Writes the mail from the present state. */
  prepare: (mail: MailRow) => Promise<PreparedMail>;
  /** What else is written in the commit that ends the mail, each where `when` holds: this try ended it. */
  note: (mail: MailRow, end: MailEnd, when: SQL) => Statement[];
};

export type MailEnd = {
  status: "sent" | "unknown" | "failed" | "canceled";
  error: string | null;
  provider: string | null;
};

// A try that has not ended by then died: the provider's time, and ample for D1.
const ABANDONED_MS = PROVIDER_TIMEOUT_MS + 45_000;

/** @throws AppError `email_unavailable` (retryable) when it may be tried again, or another try is under way */
export async function deliverMail(deps: Deps, scope: Scope, job: MailJob, hooks: MailHooks): Promise<void> {
  const found = await findMail(deps, scope, job.mailId);
  if (!found || !["pending", "sending"].includes(found.status))
    return ledger(deps, scope).finishWork({ id: job.id });
  const mail = found.status === "sending" ? cutOff(found, deps.now()) : found;
  const end = (row: MailRow, ended: MailEnd, more: Partial<MailRow> = {}) =>
    endMail(deps, scope, job, hooks, row, ended, more);

  const provider = chooseProvider(deps);
  if (mail.inDoubt && !provider?.tellsRepeats) {
    return end(mail, { status: "unknown", error: mail.error, provider: mail.provider });
  }
  if (!provider) return end(mail, { status: "failed", error: MAILS_ARE_OFF, provider: null });
  const prepared = await hooks.prepare(mail);
  if (!prepared.wanted) {
    const status = mail.inDoubt ? "unknown" : "canceled";
    return end(mail, { status, error: prepared.reason, provider: mail.provider });
  }
  const content = contentFor(deps, mail, prepared, provider);
  if (!content) {
    const error = `${mail.error ?? ""} It may have been sent, and can no longer be repeated safely.`.trim();
    return end(mail, { status: "unknown", error, provider: mail.provider });
  }

  const claimed = await claimMail(deps, scope, mail, { ...content, provider: provider.name });
  if (!claimed) throw underWay(ABANDONED_MS);
  const outcome = await provider.send({
    idempotencyKey: await idempotencyKeyOf(scope, mail.id),
    from: prepared.from,
    to: mail.recipient,
    replyTo: prepared.replyTo,
    subject: content.subject,
    text: content.text,
    html: content.html,
  });
  await settle(deps, scope, claimed, outcome, provider, end);
}

/** The mail as a try left it that did not end. @throws AppError retryable while it may yet end */
function cutOff(mail: MailRow, nowMs: number): MailRow {
  const waitMs = (mail.claimedAtMs ?? 0) + ABANDONED_MS - nowMs;
  if (waitMs > 0) throw underWay(waitMs);
  const error = `The try was cut off while ${mail.provider} was being asked: it may have been sent, or not.`;
  return { ...mail, inDoubt: true, error };
}

const MAILS_ARE_OFF = "No e-mail provider is configured (EMAIL_PROVIDER).";

async function settle(
  deps: Deps,
  scope: Scope,
  mail: MailRow,
  outcome: MailOutcome,
  provider: MailProvider,
  end: (row: MailRow, ended: MailEnd, more?: Partial<MailRow>) => Promise<void>,
): Promise<void> {
  const by = { provider: provider.name };
  switch (outcome.outcome) {
    case "sent": {
      const more = { providerMessageId: outcome.messageId, sentAtMs: deps.now() };
      return end(mail, { status: "sent", error: null, ...by }, more);
    }
    case "refused":
      return end(mail, { status: mail.inDoubt ? "unknown" : "failed", error: outcome.reason, ...by });
    case "unknown":
      return end(mail, { status: "unknown", error: outcome.reason, ...by });
    case "retry": {
      const database = deps.database(scope);
      const again = {
        status: "pending" as const,
        error: outcome.reason,
        inDoubt: mail.inDoubt || outcome.inDoubt,
      };
      await commit(database, [settleMail(database, scope, mail, again, deps.now())]);
      const { reason: detail, retryAfterSeconds } = outcome;
      throw new AppError("email_unavailable", {
        detail,
        retryable: true,
        ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
      });
    }
  }
}

async function endMail(
  deps: Deps,
  scope: Scope,
  job: MailJob,
  hooks: MailHooks,
  mail: MailRow,
  ended: MailEnd,
  more: Partial<MailRow>,
): Promise<void> {
  const database = deps.database(scope);
  const { status, error } = ended;
  const byThisTry = hasEnded(scope, mail, status);
  const fields = { tenant: scope.tenantId, environment: scope.environmentId, mail: mail.id, status };
  deps.log.info("mail ended", {
    ...fields,
    provider: ended.provider,
    provider_message_id: more.providerMessageId,
  });
  await commit(database, [
    settleMail(database, scope, mail, { ...more, status, error }, deps.now()),
    ...hooks.note(mail, ended, byThisTry),
    deleteWork(database, job.id, byThisTry),
  ]);
}

/**
 * What is sent: written anew, but for a mail in doubt. The provider tells that one's repeat by its key only
 * while the content is the same, and for a day; null when that is over.
 */
function contentFor(
  deps: Deps,
  mail: MailRow,
  prepared: Extract<PreparedMail, { wanted: true }>,
  provider: MailProvider,
): (MailContent & { linkRevision: number | null }) | null {
  if (!mail.inDoubt) return { ...prepared.content, linkRevision: prepared.linkRevision };
  const { subject, text, html, linkRevision } = mail;
  const remembered = deps.now() - mail.createdAtMs < KEY_REMEMBERED_MS && provider.name === mail.provider;
  if (!remembered || subject === null || text === null || html === null) return null;
  return linkRevision === prepared.linkRevision ? { subject, text, html, linkRevision } : null;
}

function underWay(waitMs: number): AppError {
  return new AppError("email_unavailable", {
    detail: "Another try of this mail is under way.",
    retryable: true,
    retryAfterSeconds: Math.ceil(waitMs / 1000),
  });
}
