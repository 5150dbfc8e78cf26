// Jobs that gave up or wait, as a table.

import type { JobRow } from "../../platform/outbox.ts";
import { jobView } from "../job-view.ts";
import { JOB_LOOK } from "../status-words.ts";
import { StatusBadge } from "./badge.tsx";
import { InvoiceLink } from "./invoice-link.tsx";
import { Table } from "./table.tsx";
import { Time } from "./time.tsx";

export function JobTable(props: {
  jobs: readonly JobRow[];
  invoiceNumbers: ReadonlyMap<string, string>;
  now: number;
}) {
  const { jobs, invoiceNumbers, now } = props;
  return (
    <Table
      caption="Stuck jobs"
      rows={jobs}
      columns={[
        {
          head: "Job",
          cell: (row) => {
            const { title, invoiceId } = jobView(row);
            return (
              <>
                <span class="line">{title}</span>
                {invoiceId === null ? null : <InvoiceLink id={invoiceId} numbers={invoiceNumbers} />}
              </>
            );
          },
        },
        {
          head: "Status",
          cell: (row) => (
            <>
              <StatusBadge look={JOB_LOOK[row.status]} />
              {row.error ? <span class="reason">{row.error}</span> : null}
            </>
          ),
        },
        { head: "Tries", right: true, wide: true, cell: (row) => String(row.attempts) },
        { head: "Since (UTC)", wide: true, cell: (row) => <Time ms={row.updatedAtMs} now={now} /> },
      ]}
    />
  );
}
