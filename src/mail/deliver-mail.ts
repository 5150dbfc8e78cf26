// Gives one mail to the provider, once. It is begun in the ledger before the provider is asked; a crash or a
// time-out after that leaves it in doubt, since it may have been sent. A provider that tells repeats by an
// idempotency key is then given the same again; of any other the mail ends as unknown, and is never repeated by itself.

import { ledger } from "../ledger/client.ts";
import type { MailRow } from "../ledger/mails/mail-row.ts";
import type { MailSubject } from "../ledger/mails/mail-subject.ts";
import type { MailAsLeft, MailEnd, MailSending } from "../ledger/mails/send-mail.ts";
import { AppError } from "../platform/app-error.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import type { EmailAddress } from "../platform/email-config.ts";
import { writeReference } from "../platform/mail-reference.ts";
import { chooseProvider } from "./choose-provider.ts";
import { idempotencyKeyOf, KEY_REMEMBERED_MS } from "./idempotency-key.ts";
import type { MailContent } from "./mail-content.ts";
import type { MailOutcome, MailProvider } from "./mail-provider.ts";

export type WrittenMail = {
  content: MailContent;
  linkRevision: number | null;
  from: EmailAddress;
  replyTo: string | null;
};

const MAILS_ARE_OFF = "No e-mail provider is configured (EMAIL_PROVIDER).";

/** What a mail is written from, and who is to send it. */
export type Sendable = { about: Extract<MailSubject, { wanted: "yes" }>; provider: MailProvider };

/**
 * Looks whether the mail is to be sent at all.
 * @returns null for one that has ended instead
 * @throws AppError `payment_link_not_active` (retryable)
 */
export async function prepareMail(
  deps: Deps,
  scope: Scope,
  { mail, about }: MailSending,
): Promise<Sendable | null> {
  const end = async (ended: MailEnd) => {
    await endMail(deps, scope, mail, ended);
    return null;
  };
  const provider = chooseProvider(deps);
  if (mail.inDoubt && !provider?.tellsRepeats) {
    return end({ status: "unknown", error: mail.error, provider: mail.provider });
  }
  if (!provider) return end({ status: "failed", error: MAILS_ARE_OFF, provider: null });
  if (about.wanted === "later") {
    const detail = "The payment link is still being made.";
    throw new AppError("payment_link_not_active", { detail, retryable: true });
  }
  if (about.wanted === "no") {
    const status = mail.inDoubt ? "unknown" : "canceled";
    return end({ status, error: about.reason, provider: mail.provider });
  }
  return { about, provider };
}

/** @throws AppError `email_unavailable` (retryable) */
export async function deliverMail(
  deps: Deps,
  scope: Scope,
  mail: MailRow,
  written: WrittenMail,
  provider: MailProvider,
): Promise<void> {
  const end = (ended: MailEnd) => endMail(deps, scope, mail, ended);
  const content = contentFor(deps, mail, written, provider);
  if (!content) {
    const error = `${mail.error ?? ""} It may have been sent, and can no longer be repeated safely.`.trim();
    return end({ status: "unknown", error, provider: mail.provider });
  }

  const begun = {
    left: leftAs(mail),
    content: { ...content, inDoubt: mail.inDoubt, provider: provider.name },
  };
  // Another try has it.
  if (!(await ledger(deps, scope).beginMail(begun))) return;
  const outcome = await provider.send({
    idempotencyKey: await idempotencyKeyOf(scope, mail.id),
    from: written.from,
    to: mail.recipient,
    replyTo: written.replyTo,
    subject: content.subject,
    text: content.text,
    html: content.html,
    reference: writeReference(scope, mail),
  });
  await settle(deps, scope, { ...mail, status: "sending", attempts: mail.attempts + 1 }, outcome, provider);
}

async function settle(
  deps: Deps,
  scope: Scope,
  mail: MailRow,
  outcome: MailOutcome,
  { name: provider }: MailProvider,
): Promise<void> {
  const end = (ended: Pick<MailEnd, "status" | "error" | "providerMessageId">) =>
    endMail(deps, scope, mail, { ...ended, provider });
  switch (outcome.outcome) {
    case "sent":
      return end({ status: "sent", error: null, providerMessageId: outcome.messageId });
    case "refused":
      return end({ status: mail.inDoubt ? "unknown" : "failed", error: outcome.reason });
    case "unknown":
      return end({ status: "unknown", error: outcome.reason });
    case "retry": {
      const { reason: detail, retryAfterSeconds } = outcome;
      const inDoubt = mail.inDoubt || outcome.inDoubt;
      await ledger(deps, scope).reopenMail({ left: leftAs(mail), error: detail, inDoubt });
      throw new AppError("email_unavailable", {
        detail,
        retryable: true,
        ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
      });
    }
  }
}

async function endMail(deps: Deps, scope: Scope, mail: MailRow, end: MailEnd): Promise<void> {
  deps.log.info("mail ended", {
    ...{ tenant: scope.tenantId, environment: scope.environmentId, mail: mail.id },
    ...{ status: end.status, provider: end.provider, provider_message_id: end.providerMessageId },
  });
  await ledger(deps, scope).concludeMail({ left: leftAs(mail), end });
}

function leftAs({ id, invoiceId, status, attempts }: MailRow): MailAsLeft {
  return { id, invoiceId, status, attempts };
}

/**
 * What is sent: written anew, but for a mail in doubt. The provider tells that one's repeat by its key only
 * while the content is the same, and for a day; null when that is over.
 */
function contentFor(
  deps: Deps,
  mail: MailRow,
  written: WrittenMail,
  provider: MailProvider,
): (MailContent & { linkRevision: number | null }) | null {
  if (!mail.inDoubt) return { ...written.content, linkRevision: written.linkRevision };
  const { subject, text, html, linkRevision } = mail;
  const remembered = deps.now() - mail.createdAtMs < KEY_REMEMBERED_MS && provider.name === mail.provider;
  if (!remembered || subject === null || text === null || html === null) return null;
  return linkRevision === written.linkRevision ? { subject, text, html, linkRevision } : null;
}
