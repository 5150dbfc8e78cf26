// Deletes a customer, once it was said what that costs, and what stands in its way.

import type { CustomerCost } from "../../ledger/erasure/what-deleting-costs.ts";
import { type AppError, notFound } from "../../platform/app-error.ts";
import { attemptOnce, readForm } from "../act.ts";
import { askLedger } from "../ask-ledger.ts";
import { type DashboardContext, pathId, sessionLedger } from "../dashboard-env.ts";
import { customerHref, href, subscriptionHref } from "../hrefs.ts";
import { renderPage } from "../layout/render.tsx";
import { ConfirmPage } from "../parts/confirm-page.tsx";
import { countWords, wordsOf } from "../status-words.ts";

const NAMED = 10;

export function showCustomerDeletion(c: DashboardContext) {
  return renderDeletion(c, null);
}

export async function deleteCustomerByForm(c: DashboardContext) {
  const id = pathId(c);
  const form = await readForm(c);
  if (form.get("confirm") !== "yes") return renderDeletion(c, null);
  // One that has begun meanwhile was not said yes to: it is refused, and the page names it.
  const cancelSubscriptions = form.get("cancel_subscriptions") === "yes";
  const done = await attemptOnce(c, form, [String(cancelSubscriptions)], () =>
    sessionLedger(c).deleteCustomer({ id, cancelSubscriptions }),
  );
  if (done !== null && !done.ok) return renderDeletion(c, done.problem);
  return c.redirect(href("/customers", { done: "customer_deleted" }), 303);
}

async function renderDeletion(c: DashboardContext, problem: AppError | null) {
  const id = pathId(c);
  const { cost } = await askLedger(c, { cost: ["readCustomerCost", { id }] });
  if (cost === null) throw notFound("customer", id);
  const isHindered = cost.open + cost.drafts > 0;
  const cancels = cost.subscriptions.length > 0;
  return renderPage(
    c,
    { title: "Delete customer", place: "Customers", status: problem?.status },
    <ConfirmPage
      crumb={{ words: cost.customer.name, href: customerHref(id) }}
      title="Delete customer"
      note={cost.customer.name}
      action={`${customerHref(id)}/delete`}
      button={isHindered ? null : cancels ? "Cancel subscriptions and delete" : "Delete the customer"}
      danger
      problem={problem}
      fields={{ cancel_subscriptions: cancels ? "yes" : undefined }}
    >
      {isHindered ? <Hindrance cost={cost} /> : <Costs cost={cost} />}
    </ConfirmPage>,
  );
}

function Hindrance({ cost: { customer, open, drafts } }: { cost: CustomerCost }) {
  const of = (status: string) => href("/invoices", { customer_id: customer.id, status });
  return (
    <>
      {open === 0 ? null : (
        <li>
          It cannot be deleted while it has <a href={of("open")}>{countWords(open, "open invoice")}</a>: void
          what is not owed, or wait until it is paid.
        </li>
      )}
      {drafts === 0 ? null : (
        <li>
          It cannot be deleted while it has <a href={of("draft")}>{countWords(drafts, "draft")}</a>: delete or
          finalise what there is.
        </li>
      )}
    </>
  );
}

function Costs({ cost }: { cost: CustomerCost }) {
  const { invoices, mails, subscriptions, goesAtStripe, customer } = cost;
  return (
    <>
      <li>Its name, email, phone, address and metadata are erased for good. This cannot be taken back.</li>
      {invoices === 0 ? null : (
        <li>{`${countWords(invoices, "invoice")} and what was paid stay, of a customer without a name.`}</li>
      )}
      {mails === 0 ? null : (
        <li>{`Of ${countWords(mails, "email")} to it address and content are erased.`}</li>
      )}
      {subscriptions.length === 0 ? null : (
        <li>
          {`${countWords(subscriptions.length, "subscription")} ${subscriptions.length === 1 ? "is" : "are"} canceled at Stripe at once, and nothing is refunded by that: `}
          {subscriptions.slice(0, NAMED).map(({ id, status }, index) => (
            <>
              {index === 0 ? "" : ", "}
              <a href={subscriptionHref(id)}>{id}</a>
              {` (${wordsOf(status).toLowerCase()})`}
            </>
          ))}
          {subscriptions.length > NAMED ? " and more." : "."}
        </li>
      )}
      {goesAtStripe ? (
        <li>The customer at Stripe is deleted as well, with its cards.</li>
      ) : customer.stripeCustomerId === null ? null : (
        <li>The customer at Stripe stays: delete it there if you want it gone.</li>
      )}
      <li>Its id is not given out again. Your platform is told.</li>
    </>
  );
}
