// The warning that links which must not be paid any more may still be: Stripe was not reached, or refused.

import type { OutboxRow } from "../../ledger/outbox/outbox-row.ts";
import { href } from "../hrefs.ts";
import { jobView } from "../job-view.ts";
import { InvoiceLink } from "./invoice-link.tsx";
import { Notice } from "./panel.tsx";

const NAMED = 10;

/** @param props.jobs that were to switch the links off, and are stuck */
export function PayableLinks(props: {
  jobs: readonly OutboxRow[];
  invoiceNumbers: ReadonlyMap<string, string>;
}) {
  const { jobs, invoiceNumbers } = props;
  const ids = [...new Set(jobs.map((row) => jobView(row).invoiceId).filter((id) => id !== null))];
  if (jobs.length === 0) return null;
  return (
    <div class="page-note">
      <Notice tone="bad">
        <p class="notice-title">
          Payment links that must not be paid any more could not be switched off at Stripe.
        </p>
        <p>
          Of{" "}
          {ids.slice(0, NAMED).map((id, index) => (
            <>
              {index === 0 ? null : ", "}
              <InvoiceLink id={id} numbers={invoiceNumbers} />
            </>
          ))}
          {ids.length > NAMED ? " and others" : ""}. <MoneyMayCome /> The{" "}
          <a href={href("/stuck-jobs")}>stuck jobs</a> say why.
        </p>
      </Notice>
    </div>
  );
}

/** The same on the page of the invoice. */
export function PayableLink() {
  return (
    <div class="page-note">
      <Notice tone="bad">
        <p class="notice-title">
          A payment link of this invoice that must not be paid any more could not be switched off at Stripe.
        </p>
        <p>
          <MoneyMayCome /> What stands in the way is said below.
        </p>
      </Notice>
    </div>
  );
}

function MoneyMayCome() {
  return (
    <>
      Money could still come by it; it would be recorded, not dropped. If it cannot wait, deactivate the link
      in Stripe's dashboard under Payment Links.
    </>
  );
}
