// One invoice: its lines, what was paid and why not, its link, and the events that Stripe sent about it.

import type { InvoiceWithLink, PaymentLinkRow } from "../../ledger/invoices/read-invoices.ts";
import type { OutboxRow } from "../../ledger/outbox/outbox-row.ts";
import type { PaymentView } from "../../ledger/payments/read-payments.ts";
import type { RefundRow } from "../../ledger/payments/refund-row.ts";
import type { AppError } from "../../platform/app-error.ts";
import { askLedger } from "../ask-ledger.ts";
import { type DashboardContext, pathId } from "../dashboard-env.ts";
import { customerHref, href } from "../hrefs.ts";
import { invoiceSentence } from "../invoice-words.ts";
import { renderPage } from "../layout/render.tsx";
import { ByApi, type CurlCall } from "../parts/by-api.tsx";
import { CopyId } from "../parts/copy.tsx";
import { DisputeTable } from "../parts/dispute-table.tsx";
import { EventTable } from "../parts/event-table.tsx";
import { InvoiceActions } from "../parts/invoice-actions.tsx";
import { InvoiceLines } from "../parts/invoice-lines.tsx";
import { InvoiceStatus } from "../parts/invoice-table.tsx";
import { JobTable } from "../parts/job-table.tsx";
import { LiveRegion } from "../parts/live-region.tsx";
import { MailTable } from "../parts/mail-table.tsx";
import { moneyText } from "../parts/money.tsx";
import { PageNote } from "../parts/page-note.tsx";
import { Facts, Metadata, PageHead, Panel } from "../parts/panel.tsx";
import { PayableLink } from "../parts/payable-link.tsx";
import { EarlierLinks, PaymentLinkPanel } from "../parts/payment-link-panel.tsx";
import { PaymentTable } from "../parts/payment-table.tsx";
import { RefundTable } from "../parts/refund-table.tsx";
import { ExactTime } from "../parts/time.tsx";
import { Timeline } from "../parts/timeline.tsx";
import { mayAct } from "../session/may-act.ts";

const SHOWN = { limit: 50, after: null };
const TIMELINE = { limit: 100, after: null };
const EARLIER_LINKS = 5;

export async function showInvoice(c: DashboardContext) {
  return renderInvoice(c, null);
}

/** @param problem why what was asked for on this page was refused */
export async function renderInvoice(c: DashboardContext, problem: AppError | null, id: string = pathId(c)) {
  const filter = { invoiceId: id };
  const answers = await askLedger(c, {
    found: ["getInvoice", { id }],
    earlier: ["listEarlierLinks", { invoiceId: id, limit: EARLIER_LINKS }],
    jobs: ["listStuckWork", { filter, ...SHOWN }],
    payments: ["listPayments", { filter, page: SHOWN }],
    refunds: ["listRefunds", { filter, page: SHOWN }],
    disputes: ["listDisputes", { filter, page: SHOWN }],
    timeline: ["listTimeline", { invoiceId: id, page: TIMELINE }],
    events: ["listWebhookEvents", { filter, page: SHOWN }],
    mails: ["listMails", { filter, page: SHOWN }],
  });
  const { found, earlier, jobs, timeline, names } = answers;
  const { rows: refunds } = answers.refunds;
  const { rows: disputes } = answers.disputes;
  const { rows: events } = answers.events;
  const { rows: mails } = answers.mails;
  const payments = answers.payments.rows.slice(0, SHOWN.limit);
  const customerName = names.customers.get(found.invoice.customerId) ?? found.invoice.customerId;
  const now = c.get("deps").now();
  const { publicUrl } = c.get("deps");
  const { invoice } = found;
  const mayWrite = mayAct(c.get("session"), "write");
  const mayRefund = mayAct(c.get("session"), "write", "refunds");
  const status = problem?.status;
  const isPending = mayChangeByItself(found, payments, refunds);
  return renderPage(
    c,
    { title: `Invoice ${invoice.number}`, place: "Invoices", status },
    <>
      <p class="crumb">
        <a href={href("/invoices")}>Invoices</a>
      </p>
      <LiveRegion name="invoice-standing" pending={isPending}>
        <PageHead
          title={invoice.number}
          note={
            <span class="state">
              <a href={customerHref(invoice.customerId)}>{customerName}</a>
              <InvoiceStatus invoice={invoice} now={now} /> <span>{invoiceSentence(found, now)}</span>
            </span>
          }
        >
          <p class="amount">
            {moneyText(invoice.amountDueMinor, invoice.currency)}{" "}
            <span class="muted">{invoice.currency}</span>
          </p>
        </PageHead>
        {mayWrite ? <InvoiceActions found={found} payments={payments} mayRefund={mayRefund} /> : null}
      </LiveRegion>
      <PageNote c={c} problem={problem} />
      <LiveRegion name="invoice" pending={isPending} quiet>
        {mayStillBePaid(jobs, [found.link, ...earlier]) ? <PayableLink /> : null}
        <div class="columns">
          <div>
            {jobs.length === 0 ? null : (
              <Panel title="Jobs">
                <JobTable jobs={jobs} mayRetry={mayWrite} now={now} />
              </Panel>
            )}
            <Panel title="Lines">
              <InvoiceLines invoice={invoice} />
            </Panel>
            <Panel title="Payments">
              {payments.length === 0 ? (
                <p class="pad muted">No payment yet.</p>
              ) : (
                <PaymentTable payments={payments} mayRefund={mayRefund} now={now} />
              )}
            </Panel>
            {refunds.length === 0 ? null : (
              <Panel title="Refunds">
                <RefundTable refunds={refunds.slice(0, SHOWN.limit)} now={now} />
              </Panel>
            )}
            {disputes.length === 0 ? null : (
              <Panel title="Disputes">
                <DisputeTable disputes={disputes.slice(0, SHOWN.limit)} now={now} />
              </Panel>
            )}
            <Panel title="Timeline">
              <Timeline entries={timeline.slice(0, TIMELINE.limit)} now={now} />
              {timeline.length > TIMELINE.limit ? (
                <p class="pad muted">{`The first ${TIMELINE.limit} entries; the API has all of them.`}</p>
              ) : null}
            </Panel>
            {mails.length === 0 ? null : (
              <Panel title="Emails">
                <MailTable mails={mails.slice(0, SHOWN.limit)} now={now} />
              </Panel>
            )}
            <Panel title="Webhook events">
              {events.length === 0 ? (
                <p class="pad muted">Stripe has sent nothing about this invoice yet.</p>
              ) : (
                <EventTable events={events.slice(0, SHOWN.limit)} now={now} />
              )}
            </Panel>
          </div>
          <div>
            <PaymentLinkPanel invoice={found} publicUrl={publicUrl} now={now} />
            <EarlierLinks links={earlier} now={now} />
            <About found={found} customerName={customerName} now={now} />
          </div>
        </div>
      </LiveRegion>
      <ByApi calls={callsOf(id)} />
    </>,
  );
}

/** Whether a link is being made or switched off, a payer may be paying, or a refund is on its way. */
function mayChangeByItself(
  { invoice, link }: InvoiceWithLink,
  payments: readonly PaymentView[],
  refunds: readonly RefundRow[],
): boolean {
  return (
    link?.status === "pending" ||
    link?.deactivation === "pending" ||
    (link?.status === "active" && invoice.status === "open") ||
    payments.some(({ status }) => status === "processing") ||
    refunds.some(({ status }) => status === "pending")
  );
}

function callsOf(id: string): CurlCall[] {
  const path = `/invoices/${encodeURIComponent(id)}`;
  return [
    { words: "This invoice", method: "GET", path, route: "/invoices/{id}" },
    { words: "Its timeline", method: "GET", path: `${path}/timeline`, route: "/invoices/{id}/timeline" },
    { words: "Its payments", method: "GET", path: "/payments", query: { invoice_id: id } },
  ];
}

/** Whether a link that is to be off is perhaps not. */
function mayStillBePaid(jobs: readonly OutboxRow[], links: readonly (PaymentLinkRow | null)[]): boolean {
  return (
    jobs.some((job) => job.kind === "deactivate_payment_link") ||
    links.some((link) => link?.deactivation === "failed")
  );
}

function About({ found, customerName, now }: { found: InvoiceWithLink; customerName: string; now: number }) {
  const { invoice } = found;
  const time = (ms: number | null) => (ms === null ? null : <ExactTime ms={ms} now={now} />);
  return (
    <Panel title="About">
      <div class="pad">
        <Facts
          facts={[
            ["Customer", <a href={customerHref(invoice.customerId)}>{customerName}</a>],
            ["Invoice id", <CopyId id={invoice.id} label="invoice id" />],
            ["Customer id", <CopyId id={invoice.customerId} label="customer id" />],
            ["Created", time(invoice.createdAtMs)],
            ["Finalised", time(invoice.finalizedAtMs)],
            ["Due", time(invoice.dueAtMs)],
            ["Paid", time(invoice.paidAtMs)],
            ["Voided", time(invoice.voidedAtMs)],
            ["Memo", invoice.memo === null ? null : <span class="prose">{invoice.memo}</span>],
          ]}
        />
        <Metadata metadata={invoice.metadata} />
      </div>
    </Panel>
  );
}
