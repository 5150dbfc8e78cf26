// What a payer sees of the environment's options, on the page and in the mail, with an invoice that is none.

import type { EmailConfig } from "../../platform/email-config.ts";
import type { EnvironmentSettings } from "../../platform/environment-settings.ts";
import { shownSender } from "../../platform/sender-name.ts";
import { Facts } from "./panel.tsx";

const NUMBER = "INV-2X7KQ4M8";
const OUR_WORDS = "Thank you. Your payment of invoice {number} has been received.";

export function PayerPreview({
  settings,
  email,
}: {
  settings: EnvironmentSettings;
  email: EmailConfig | null;
}) {
  const { success_message: message, success_redirect_url: sentTo, reminders } = settings;
  return (
    <>
      <h3>After the payment</h3>
      {sentTo === null ? (
        <blockquote class="preview">{(message ?? OUR_WORDS).replaceAll("{number}", NUMBER)}</blockquote>
      ) : (
        <p>
          The payer is sent to <code>{sentTo}</code>
        </p>
      )}
      <h3>On the statement</h3>
      <p>{settings.statement_descriptor ?? "What the account at Stripe says."}</p>
      <h3>In the inbox</h3>
      <Facts
        facts={[
          ["From", senderOf(settings.email_from_name, email)],
          ["Answers to", settings.email_reply_to ?? "the operator's address"],
          ["Subject", `Invoice ${NUMBER}`],
          ["Reminders", reminderWords(reminders)],
          ["Receipt", settings.send_receipts ? "when it is paid" : "none"],
        ]}
      />
    </>
  );
}

function senderOf(name: string | null, email: EmailConfig | null): string {
  return email === null ? "No email is sent here." : (shownSender(name, email.from) ?? email.from.email);
}

function reminderWords({ before_days: before, after_days: after }: EnvironmentSettings["reminders"]): string {
  const parts = [
    before.length === 0 ? null : `${before.join(", ")} days before it is due`,
    after.length === 0 ? null : `${after.join(", ")} days after`,
  ].filter((part) => part !== null);
  return parts.length === 0 ? "none" : parts.join(", ");
}
