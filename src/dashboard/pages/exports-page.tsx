// Lists as files: which, and of which time.

import type { DashboardContext } from "../dashboard-env.ts";
import { href } from "../hrefs.ts";
import { renderPage } from "../layout/render.tsx";
import { ByApi } from "../parts/by-api.tsx";
import { MomentInput } from "../parts/moment-input.tsx";
import { PageHead, Panel } from "../parts/panel.tsx";

const FILES = [
  [
    "payments",
    "Payments",
    "Each payment with its amount, what went back, and what it was for; by when it was recorded.",
  ],
  [
    "invoices",
    "Invoices",
    "Each invoice with what was due, paid, refunded and disputed; by when it was made.",
  ],
  [
    "webhook_events",
    "Webhook events",
    "What Stripe sent and what became of it, without payloads; by when it came.",
  ],
] as const;

export function showExports(c: DashboardContext) {
  return renderPage(
    c,
    { title: "Exports", place: "Exports" },
    <>
      <PageHead
        title="Exports"
        note="CSV files with the columns of the API, times in the environment's time zone. The security log keeps who made one."
      />
      {FILES.map(([name, title, words]) => (
        <Panel title={title}>
          <div class="pad">
            <p class="muted">{words}</p>
            <form class="filter" method="get" action={href(`/exports/${name}.csv`)}>
              <MomentInput name="from" id={`${name}-from`} label="From" ms={null} />
              <MomentInput name="to" id={`${name}-to`} label="To" ms={null} />
              <button type="submit">
                Download<span class="unseen"> {title}</span>
              </button>
            </form>
          </div>
        </Panel>
      ))}
      <ByApi
        calls={FILES.map(([name, title]) => ({
          words: title,
          method: "GET" as const,
          path: `/exports/${name}.csv`,
        }))}
      />
    </>,
  );
}
