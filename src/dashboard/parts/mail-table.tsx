// Mails to customers, as a table.

import type { MailSummary } from "../../ledger/mails/read-mails.ts";
import { invoiceHref, mailHref } from "../hrefs.ts";
import { mailLook, wordsOf } from "../status-words.ts";
import { StatusBadge } from "./badge.tsx";
import { Table } from "./table.tsx";
import { Time } from "./time.tsx";

/** @param invoiceNumbers by id; undefined on the page of the invoice itself */
export function MailTable(props: {
  mails: readonly MailSummary[];
  invoiceNumbers?: ReadonlyMap<string, string>;
  now: number;
}) {
  const { invoiceNumbers, now } = props;
  const invoice = {
    head: "About",
    priority: 2 as const,
    cell: ({ invoiceId }: MailSummary) =>
      invoiceId === null ? (
        "a payment"
      ) : (
        <a href={invoiceHref(invoiceId)}>{invoiceNumbers?.get(invoiceId) ?? invoiceId}</a>
      ),
  };
  return (
    <Table
      caption="Emails"
      rows={props.mails}
      columns={[
        {
          head: "Email",
          cell: (row) => <a href={mailHref(row.id)}>{row.subject ?? wordsOf(row.kind)}</a>,
        },
        { head: "Status", tag: true, cell: (row) => <MailStatus mail={row} /> },
        { head: "To", cell: (row) => <span class="clip">{row.recipient}</span> },
        ...(invoiceNumbers ? [invoice] : []),
        {
          head: "When",
          isTime: true,
          priority: 2,
          cell: (row) => <Time ms={row.sentAtMs ?? row.createdAtMs} now={now} />,
        },
      ]}
    />
  );
}

function MailStatus({ mail }: { mail: MailSummary }) {
  return (
    <>
      <StatusBadge look={mailLook(mail)} />
      {mail.error !== null && mail.status !== "sent" ? <span class="reason">{mail.error}</span> : null}
    </>
  );
}
