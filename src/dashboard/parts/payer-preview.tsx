// What a payer sees of the environment's options, on the page and in the mail, with an invoice that is none. It shows
// what is saved; with script, what stands in the form's fields as it is typed.

import type { EmailConfig } from "../../platform/email-config.ts";
import type { EnvironmentSettings } from "../../platform/environment-settings.ts";
import { shownSender } from "../../platform/sender-name.ts";
import { Facts } from "./panel.tsx";

const NUMBER = "INV-2X7KQ4M8";
const OUR_WORDS = "Thank you. Your payment of invoice {number} has been received.";

export function PayerPreview(props: { settings: EnvironmentSettings; email: EmailConfig | null }) {
  const { settings, email } = props;
  const { success_message: message, success_redirect_url: sentTo } = settings;
  return (
    <>
      <h3>After the payment</h3>
      <blockquote class="preview" data-without="success_redirect_url" hidden={sentTo !== null}>
        <Shown of="success_message" value={message} none={filled(OUR_WORDS)} />
      </blockquote>
      <p data-with="success_redirect_url" hidden={sentTo === null}>
        The payer is sent to{" "}
        <code>
          <Shown of="success_redirect_url" value={sentTo} none="" />
        </code>
      </p>
      <h3>On the statement</h3>
      <p>
        <Shown
          of="statement_descriptor"
          value={settings.statement_descriptor}
          none="What the account at Stripe says."
        />
      </p>
      <h3>In the inbox</h3>
      <Inbox settings={settings} email={email} />
    </>
  );
}

function Inbox({ settings, email }: { settings: EnvironmentSettings; email: EmailConfig | null }) {
  const { before_days: before, after_days: after } = settings.reminders;
  const days = (list: readonly number[]) => (list.length === 0 ? null : list.join(", "));
  return (
    <Facts
      facts={[
        [
          "From",
          email === null ? "No email is sent here." : <Sender settings={settings} from={email.from} />,
        ],
        [
          "Answers to",
          <Shown of="email_reply_to" value={settings.email_reply_to} none="the operator's address" />,
        ],
        ["Subject", `Invoice ${NUMBER}`],
        [
          "Reminders",
          <>
            <Shown of="before_days" value={days(before)} none="none" within="{} days" /> before it is due,{" "}
            <Shown of="after_days" value={days(after)} none="none" within="{} days" /> after
          </>,
        ],
        ["Receipt", settings.send_receipts ? "when it is paid" : "none"],
      ]}
    />
  );
}

function Sender({ settings, from }: { settings: EnvironmentSettings; from: EmailConfig["from"] }) {
  return (
    <Shown
      of="email_from_name"
      value={settings.email_from_name}
      none={from.name ?? from.email}
      within={shownSender("{}", from) ?? "{}"}
    />
  );
}

/**
 * What a field holds, as the script puts it there, too.
 * @param props.of the id of the field
 * @param props.none the words where it is empty
 * @param props.within the words around it, with `{}` in its place
 */
function Shown(props: { of: string; value: string | null; none: string; within?: string }) {
  const { of, value, none, within = "{}" } = props;
  return (
    <span data-shows={of} data-none={none} data-within={within} data-number={NUMBER}>
      {value === null ? none : within.replace("{}", () => filled(value))}
    </span>
  );
}

function filled(message: string): string {
  return message.replaceAll("{number}", NUMBER);
}
