// Jobs that gave up or wait, as a table.

import type { OutboxRow } from "../../ledger/outbox/outbox-row.ts";
import { newFormToken } from "../act.ts";
import { jobHref } from "../hrefs.ts";
import { type JobView, jobView } from "../job-view.ts";
import { JOB_LOOK } from "../status-words.ts";
import { StatusBadge } from "./badge.tsx";
import { InvoiceLink } from "./invoice-link.tsx";
import { type Column, Table } from "./table.tsx";
import { Time } from "./time.tsx";

/** @param props.invoiceNumbers by id; undefined on the page of the invoice itself */
export function JobTable(props: {
  jobs: readonly OutboxRow[];
  invoiceNumbers?: ReadonlyMap<string, string>;
  /** Whether to offer to do it again. */
  mayRetry: boolean;
  now: number;
}) {
  const { jobs, invoiceNumbers, mayRetry, now } = props;
  return (
    <Table
      caption="Jobs"
      rows={jobs}
      columns={[
        {
          head: "Job",
          cell: (row) => {
            const { title, invoiceId } = jobView(row);
            return (
              <>
                <span class="line">{title}</span>
                {invoiceId === null || !invoiceNumbers ? null : (
                  <InvoiceLink id={invoiceId} numbers={invoiceNumbers} />
                )}
              </>
            );
          },
        },
        { head: "Status", tag: true, cell: (row) => <JobStatus job={row} /> },
        { head: "Tries", right: true, priority: 2, cell: (row) => String(row.attempts) },
        { head: "Since", isTime: true, priority: 2, cell: (row) => <Time ms={row.updatedAtMs} now={now} /> },
        ...(mayRetry && jobs.some((row) => row.status === "dead") ? [retryColumn(invoiceNumbers)] : []),
      ]}
    />
  );
}

function JobStatus({ job }: { job: OutboxRow }) {
  const look = JOB_LOOK[job.status];
  const { untilThen } = jobView(job);
  return (
    <>
      <StatusBadge look={look} />
      {job.status === "waiting" ? <span class="line">{look.means}</span> : null}
      {untilThen === null ? null : <span class="line">{untilThen}</span>}
      {job.error ? <span class="reason">{job.error}</span> : null}
    </>
  );
}

function retryColumn(invoiceNumbers: ReadonlyMap<string, string> | undefined): Column<OutboxRow> {
  const cell = (row: OutboxRow) =>
    row.status === "dead" ? (
      <>
        <Retry job={row} view={jobView(row)} invoiceNumbers={invoiceNumbers} />
        <a class="line" href={`${jobHref(row.id)}/dismiss`}>
          Dismiss…
        </a>
      </>
    ) : null;
  return { head: "What to do", cell };
}

function Retry(props: {
  job: OutboxRow;
  view: JobView;
  invoiceNumbers: ReadonlyMap<string, string> | undefined;
}) {
  const { title, invoiceId } = props.view;
  const number = invoiceId === null ? undefined : props.invoiceNumbers?.get(invoiceId);
  return (
    <form method="post" action={`${jobHref(props.job.id)}/retry`}>
      <input type="hidden" name="token" value={newFormToken()} />
      {/* On the invoice's own page: where to go back to. */}
      {props.invoiceNumbers === undefined && invoiceId !== null ? (
        <input type="hidden" name="invoice" value={invoiceId} />
      ) : null}
      <button type="submit">
        Retry<span class="unseen">{` (${title}${number === undefined ? "" : `, ${number}`})`}</span>
      </button>
    </form>
  );
}
