// One customer: what is known of it, whether Stripe has it so, its invoices, payments and subscriptions.

import type { CustomerRow } from "../../ledger/customers/customer-state.ts";
import { type AppError, notFound } from "../../platform/app-error.ts";
import { type DashboardContext, pathId, sessionLedger } from "../dashboard-env.ts";
import { customerHref, href, mailHref } from "../hrefs.ts";
import { renderPage } from "../layout/render.tsx";
import { StatusBadge } from "../parts/badge.tsx";
import { InvoiceTable } from "../parts/invoice-table.tsx";
import { JobTable } from "../parts/job-table.tsx";
import { PageNote } from "../parts/page-note.tsx";
import { Facts, Metadata, Notice, PageHead, Panel } from "../parts/panel.tsx";
import { PaymentTable } from "../parts/payment-table.tsx";
import { SubscriptionTable } from "../parts/subscription-table.tsx";
import { ExactTime } from "../parts/time.tsx";
import { invoicesOf } from "../payee-view.ts";
import { mayAct } from "../session/may-act.ts";
import { SYNC_LOOK } from "../status-words.ts";

const SHOWN = { limit: 20, after: null };

export async function showCustomer(c: DashboardContext) {
  return renderCustomer(c, null);
}

/** @param problem why an action was refused, or failed */
export async function renderCustomer(c: DashboardContext, problem: AppError | null) {
  const [deps, mine, id] = [c.get("deps"), sessionLedger(c), pathId(c)];
  const customer = await mine.findCustomerRow({ id });
  if (!customer) throw notFound("customer", id);
  const [{ rows: invoices }, { rows: payments }, { rows: subscriptions }, jobs, hold] = await Promise.all([
    mine.listInvoices({ filter: { customerId: id }, page: SHOWN }),
    mine.listPayments({ filter: { customerId: id }, page: SHOWN }),
    mine.listSubscriptions({ filter: { customerId: id }, page: SHOWN }),
    mine.listStuckWork({ filter: { customerId: id }, ...SHOWN }),
    customer.email === null ? undefined : mine.readHold({ address: customer.email }),
  ]);
  const numbers = await mine.findInvoiceNumbers({ ids: invoicesOf(payments) });
  const now = deps.now();
  const mayWrite = mayAct(c.get("session"), "write");
  return renderPage(
    c,
    { title: customer.name, place: "Customers", status: problem?.status },
    <>
      <p class="crumb">
        <a href={href("/customers")}>Customers</a>
      </p>
      <PageHead title={customer.name} note={customer.email ?? "no e-mail address"} />
      <PageNote c={c} problem={problem} />
      {customer.deletedAtMs === null ? null : (
        <Notice tone="info">It was deleted: what is personal was erased, and its invoices are kept.</Notice>
      )}
      {hold === undefined ? null : (
        <Notice tone="warn">
          Mail to {customer.email} is held, because <a href={mailHref(hold.mailId)}>an earlier one</a>{" "}
          {hold.why === "bounced" ? "came back" : "was reported as spam"}: {hold.reason} Give the customer
          another address, or send one of its mails again.
        </Notice>
      )}
      <div class="columns">
        <div>
          {jobs.length === 0 ? null : (
            <Panel title="Jobs">
              <JobTable jobs={jobs} mayRetry={mayWrite} now={now} />
            </Panel>
          )}
          <Panel title="Invoices" more={<a href={href("/invoices", { customer_id: id })}>All of them</a>}>
            {invoices.length === 0 ? (
              <p class="pad muted">No invoice yet.</p>
            ) : (
              <InvoiceTable invoices={invoices.slice(0, SHOWN.limit)} now={now} />
            )}
          </Panel>
          <Panel title="Payments" more={<a href={href("/payments", { customer_id: id })}>All of them</a>}>
            {payments.length === 0 ? (
              <p class="pad muted">No payment yet.</p>
            ) : (
              <PaymentTable
                payments={payments.slice(0, SHOWN.limit)}
                invoiceNumbers={numbers}
                mayRefund={mayWrite}
                now={now}
              />
            )}
          </Panel>
          <Panel
            title="Subscriptions"
            more={<a href={href("/subscriptions", { customer_id: id })}>All of them</a>}
          >
            {subscriptions.length === 0 ? (
              <p class="pad muted">No subscription.</p>
            ) : (
              <SubscriptionTable rows={subscriptions.slice(0, SHOWN.limit)} now={now} />
            )}
          </Panel>
        </div>
        <div>
          <AtStripe customer={customer} mayAct={mayAct(c.get("session"), "write")} />
          <About customer={customer} now={now} />
        </div>
      </div>
    </>,
  );
}

function AtStripe({ customer, mayAct: isOffered }: { customer: CustomerRow; mayAct: boolean }) {
  const { syncStatus, syncError, stripeCustomerId } = customer;
  const look = SYNC_LOOK[syncStatus];
  return (
    <Panel title="At Stripe">
      <div class="pad">
        <p class="state">
          <StatusBadge look={look} /> <span>{look.means}</span>
        </p>
        {syncError === null ? null : <Notice tone="bad">{syncError}</Notice>}
        <Facts facts={[["Customer", stripeCustomerId === null ? "none" : <code>{stripeCustomerId}</code>]]} />
        {isOffered && customer.deletedAtMs === null ? (
          <form class="actions" method="post" action={`${customerHref(customer.id)}/sync`}>
            <button type="submit">Sync now</button>
          </form>
        ) : null}
      </div>
    </Panel>
  );
}

function About({ customer, now }: { customer: CustomerRow; now: number }) {
  const time = (ms: number | null) => (ms === null ? null : <ExactTime ms={ms} now={now} />);
  return (
    <Panel title="About">
      <div class="pad">
        <Facts
          facts={[
            ["Customer id", <code>{customer.id}</code>],
            ["Phone", customer.phone],
            ["Address", addressOf(customer)],
            ["Created", time(customer.createdAtMs)],
            ["Changed", time(customer.updatedAtMs)],
            ["Deleted", time(customer.deletedAtMs)],
          ]}
        />
        <Metadata metadata={customer.metadata} />
      </div>
    </Panel>
  );
}

function addressOf({ address }: CustomerRow): string | null {
  if (address === null) return null;
  const { line1, line2, postal_code, city, state, country } = address;
  const town = [postal_code, city].filter(Boolean).join(" ");
  return [line1, line2, town, state, country].filter(Boolean).join(", ") || null;
}
