// One customer: what is known of it, whether Stripe has it so, its invoices, payments and subscriptions.

import type { CustomerRow } from "../../ledger/customers/customer-state.ts";
import { type AppError, notFound } from "../../platform/app-error.ts";
import { askLedger } from "../ask-ledger.ts";
import { type DashboardContext, pathId } from "../dashboard-env.ts";
import { customerHref, href, mailHref } from "../hrefs.ts";
import { renderPage } from "../layout/render.tsx";
import { StatusBadge } from "../parts/badge.tsx";
import { ByApi, type CurlCall } from "../parts/by-api.tsx";
import { CopyId } from "../parts/copy.tsx";
import { InvoiceTable } from "../parts/invoice-table.tsx";
import { JobTable } from "../parts/job-table.tsx";
import { LiveRegion } from "../parts/live-region.tsx";
import { Menu } from "../parts/menu.tsx";
import { PageNote } from "../parts/page-note.tsx";
import { Facts, Metadata, Notice, PageHead, Panel } from "../parts/panel.tsx";
import { PaymentTable } from "../parts/payment-table.tsx";
import { StripeObject } from "../parts/stripe-link.tsx";
import { SubscriptionTable } from "../parts/subscription-table.tsx";
import { ExactTime } from "../parts/time.tsx";
import { mayAct } from "../session/may-act.ts";
import { SYNC_LOOK } from "../status-words.ts";

const SHOWN = { limit: 20, after: null };

export async function showCustomer(c: DashboardContext) {
  return renderCustomer(c, null);
}

/** @param problem why an action was refused, or failed */
export async function renderCustomer(c: DashboardContext, problem: AppError | null) {
  const id = pathId(c);
  const { customer, hold, jobs, names, ...lists } = await askLedger(c, {
    customer: ["findCustomerRow", { id }],
    invoices: ["listInvoices", { filter: { customerId: id }, page: SHOWN }],
    payments: ["listPayments", { filter: { customerId: id }, page: SHOWN }],
    subscriptions: ["listSubscriptions", { filter: { customerId: id }, page: SHOWN }],
    jobs: ["listStuckWork", { filter: { customerId: id }, ...SHOWN }],
    hold: ["readHoldOfCustomer", { customerId: id }],
  });
  if (!customer) throw notFound("customer", id);
  const [invoices, payments, subscriptions] = [
    lists.invoices.rows,
    lists.payments.rows,
    lists.subscriptions.rows,
  ];
  const now = c.get("deps").now();
  const mayWrite = mayAct(c.get("session"), "write");
  return renderPage(
    c,
    { title: customer.name, place: "Customers", status: problem?.status },
    <>
      <p class="crumb">
        <a href={href("/customers")}>Customers</a>
      </p>
      <PageHead title={customer.name} note={customer.email ?? "no email address"}>
        {mayWrite && customer.deletedAtMs === null ? <Ways customerId={id} /> : null}
      </PageHead>
      <PageNote c={c} problem={problem} />
      {customer.deletedAtMs === null ? null : (
        <Notice tone="info">It was deleted: what is personal was erased, and its invoices are kept.</Notice>
      )}
      {hold === undefined ? null : (
        <Notice tone="warn">
          Mail to {customer.email} is held, because <a href={mailHref(hold.mailId)}>an earlier one</a>{" "}
          {hold.why === "bounced" ? "came back" : "was reported as spam"}: {hold.reason} Give the customer
          another address, or send one of its emails again.
        </Notice>
      )}
      <LiveRegion name="customer" pending={customer.syncStatus === "pending"}>
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
                  invoiceNumbers={names.invoices}
                  mayRefund={mayAct(c.get("session"), "write", "refunds")}
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
            <StripeSide customer={customer} mayAct={mayWrite} />
            <About customer={customer} now={now} />
          </div>
        </div>
      </LiveRegion>
      <ByApi calls={callsOf(customer.id)} />
    </>,
  );
}

function Ways({ customerId }: { customerId: string }) {
  return (
    <div class="actions">
      <a class="button primary" href={href("/invoices/new", { customer_id: customerId })}>
        New invoice
      </a>
      <a class="button" href={`${customerHref(customerId)}/edit`}>
        Edit
      </a>
      <Menu label="More about this customer">
        <a href={href("/mails", { customer_id: customerId })}>Emails to it</a>
        <a href={href("/checkout-sessions", { customer_id: customerId })}>Checkout sessions</a>
        <a href={`${customerHref(customerId)}/delete`}>Delete…</a>
      </Menu>
    </div>
  );
}

function callsOf(customerId: string): CurlCall[] {
  const path = `/customers/${encodeURIComponent(customerId)}`;
  return [{ words: "This customer", method: "GET", path, route: "/customers/{id}" }];
}

function StripeSide({ customer, mayAct: isOffered }: { customer: CustomerRow; mayAct: boolean }) {
  const { syncStatus, syncError, stripeCustomerId } = customer;
  const look = SYNC_LOOK[syncStatus];
  return (
    <Panel title="At Stripe">
      <div class="pad">
        <p class="state">
          <StatusBadge look={look} /> <span>{look.means}</span>
        </p>
        {syncError === null ? null : <Notice tone="bad">{syncError}</Notice>}
        <Facts
          facts={[
            [
              "Customer",
              stripeCustomerId === null ? (
                "none"
              ) : (
                <StripeObject id={stripeCustomerId} label="customer's id at Stripe" />
              ),
            ],
          ]}
        />
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
            ["Customer id", <CopyId id={customer.id} label="customer id" />],
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
