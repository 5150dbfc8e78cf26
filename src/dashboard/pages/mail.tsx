// One mail: what became of it, and both of its parts. The HTML is a page of its own in a frame that runs
// nothing, under headers of its own: it was made of what customers and platforms wrote.

import type { MailRow } from "../../ledger/mails/mail-row.ts";
import { mailFile } from "../../mail/mail-file.ts";
import { type AppError, notFound } from "../../platform/app-error.ts";
import type { EmailAddress } from "../../platform/email-config.ts";
import { attempt, callIdOf, formToken, newFormToken, readForm } from "../act.ts";
import { askLedger } from "../ask-ledger.ts";
import { type DashboardContext, pathId, sessionLedger } from "../dashboard-env.ts";
import { href, invoiceHref, mailHref, paymentHref } from "../hrefs.ts";
import { renderPage } from "../layout/render.tsx";
import { StatusBadge } from "../parts/badge.tsx";
import { ByApi } from "../parts/by-api.tsx";
import { CopyId } from "../parts/copy.tsx";
import { InvoiceLink } from "../parts/invoice-link.tsx";
import { LiveRegion } from "../parts/live-region.tsx";
import { PageNote } from "../parts/page-note.tsx";
import { Facts, Notice, PageHead, Panel } from "../parts/panel.tsx";
import { ExactTime } from "../parts/time.tsx";
import { Withheld } from "../parts/withheld.tsx";
import { isOperatorView, mayAct } from "../session/may-act.ts";
import { mailLook, wordsOf } from "../status-words.ts";

export async function showMail(c: DashboardContext) {
  return renderMail(c, null);
}

/** Sends it again, by form. Back on the invoice, where the new mail shows; one that was held goes itself. */
export async function sendMailOnceMore(c: DashboardContext) {
  const mail = await mailOf(c);
  const token = formToken(await readForm(c));
  const call = token === null ? c.get("requestId") : await callIdOf(c, token, []);
  const done = await attempt(() => sessionLedger(c).resendMail({ id: mail.id, call }));
  if (!done.ok) return renderMail(c, done.problem);
  const page = mail.invoiceId === null ? href("/mails") : invoiceHref(mail.invoiceId);
  return c.redirect(`${page}?done=mailed`, 303);
}

async function renderMail(c: DashboardContext, problem: AppError | null) {
  const id = pathId(c);
  const { mail, names } = await askLedger(c, { mail: ["readMail", { id }] });
  if (!mail) throw notFound("mail", id);
  return renderPage(
    c,
    { title: mail.subject ?? wordsOf(mail.kind), place: "Emails", status: problem?.status },
    <>
      <p class="crumb">
        <a href={href("/mails")}>Emails</a>
      </p>
      <PageHead title={mail.subject ?? wordsOf(mail.kind)} note={`To ${mail.recipient}`} />
      <PageNote c={c} problem={problem} />
      <LiveRegion name="mail" pending={mail.status === "pending" || mail.status === "sending"}>
        <div class="columns">
          <div>
            {isOperatorView(c.get("session")) ? (
              <Withheld title="Content" />
            ) : mail.html === null || mail.text === null ? (
              <NoContent mail={mail} />
            ) : (
              <Parts mail={mail} />
            )}
          </div>
          <div>
            <About mail={mail} numbers={names.invoices} now={c.get("deps").now()} />
            {mayAct(c.get("session"), "write") ? <SendAgain mail={mail} /> : null}
          </div>
        </div>
      </LiveRegion>
      <ByApi
        calls={[
          {
            words: "This email with its content",
            method: "GET",
            path: `/mails/${encodeURIComponent(mail.id)}`,
            route: "/mails/{id}",
          },
        ]}
      />
    </>,
  );
}

/** The HTML part by itself, for the frame. */
export async function showMailContent(c: DashboardContext) {
  const mail = await mailOf(c);
  // The mail's links open beside the dashboard, not in the frame.
  const html = (mail.html ?? "").replace("<head>", '<head><base target="_blank">');
  return c.html(html);
}

/** The mail as a file that mail programs open. */
export async function downloadMail(c: DashboardContext) {
  const mail = await mailOf(c);
  const { subject, text, html, recipient } = mail;
  if (subject === null || text === null || html === null) throw notFound("content of mail", mail.id);
  const from: EmailAddress = c.get("deps").config.email?.from ?? { email: "billing@localhost", name: null };
  const dateMs = mail.sentAtMs ?? mail.createdAtMs;
  return c.body(mailFile({ from, to: recipient, subject, text, html, dateMs }), 200, {
    "content-type": "message/rfc822",
    "content-disposition": 'attachment; filename="mail.eml"',
  });
}

async function mailOf(c: DashboardContext): Promise<MailRow> {
  const id = pathId(c);
  const mail = await sessionLedger(c).readMail({ id });
  if (!mail) throw notFound("mail", id);
  return mail;
}

function SendAgain({ mail }: { mail: MailRow }) {
  if (mail.status === "pending" || mail.status === "sending" || mail.recipient === "") return null;
  // The receipt of a payment that pays no invoice is sent once.
  if (mail.invoiceId === null) return null;
  const isNotReached = mail.status === "held" || mail.status === "bounced" || mail.status === "complained";
  return (
    <Panel title="Again">
      <div class="pad">
        {isNotReached ? (
          <p class="muted">
            Mail to this address is held. Set another on the customer, and it goes there by itself; or send it
            to this one all the same, and all that is held for it.
          </p>
        ) : null}
        <form method="post" action={`${mailHref(mail.id)}/resend`}>
          <input type="hidden" name="token" value={newFormToken()} />
          <button type="submit">Send it again</button>
        </form>
      </div>
    </Panel>
  );
}

function Parts({ mail }: { mail: MailRow }) {
  return (
    <>
      <Panel title="HTML" more={<a href={`${mailHref(mail.id)}/file`}>Download as a file</a>}>
        <iframe
          class="mail"
          title="The mail as it is shown"
          src={`${mailHref(mail.id)}/content`}
          sandbox="allow-popups allow-popups-to-escape-sandbox"
          referrerpolicy="no-referrer"
        />
      </Panel>
      <Panel title="Text">
        <pre class="json">{mail.text}</pre>
      </Panel>
    </>
  );
}

function NoContent({ mail }: { mail: MailRow }) {
  return (
    <Panel title="Content">
      <p class="pad muted">
        {mail.subject === null
          ? mail.status === "canceled"
            ? "It was never written."
            : "It is written when its turn comes."
          : "It is past its age and was removed; what became of the mail stays."}
      </p>
    </Panel>
  );
}

function About(props: { mail: MailRow; numbers: ReadonlyMap<string, string>; now: number }) {
  const { mail, numbers, now } = props;
  const look = mailLook(mail);
  const time = (ms: number | null) => (ms === null ? null : <ExactTime ms={ms} now={now} />);
  return (
    <Panel title="What became of it">
      <div class="pad">
        <p class="state">
          <StatusBadge look={look} /> <span>{look.means}</span>
        </p>
        {mail.error === null ? null : (
          <Notice tone={look.tone === "bad" ? "bad" : "warn"}>{mail.error}</Notice>
        )}
        <Facts
          facts={[
            [
              "Invoice",
              mail.invoiceId === null ? null : <InvoiceLink id={mail.invoiceId} numbers={numbers} />,
            ],
            [
              "Payment",
              mail.paymentId === null ? null : (
                <a class="clip" href={paymentHref(mail.paymentId)}>
                  {mail.paymentId}
                </a>
              ),
            ],
            ["Kind", wordsOf(mail.kind)],
            ["To", mail.recipient],
            ["Email id", <CopyId id={mail.id} label="email id" />],
            ["Provider", mail.provider],
            [
              "Its id",
              mail.providerMessageId === null ? null : (
                <CopyId id={mail.providerMessageId} label="the provider's id" />
              ),
            ],
            ["Tries", String(mail.attempts)],
            ["Wanted", time(mail.createdAtMs)],
            ["Sent", time(mail.sentAtMs)],
          ]}
        />
      </div>
    </Panel>
  );
}
