// Everything in the environment that needs a person, in one list.

import { surroundingsOf } from "../ask-ledger.ts";
import type { DashboardContext } from "../dashboard-env.ts";
import { href } from "../hrefs.ts";
import { renderPage } from "../layout/render.tsx";
import { ByApi } from "../parts/by-api.tsx";
import { AllClear, IssueList } from "../parts/issue-list.tsx";
import { PageNote } from "../parts/page-note.tsx";
import { PageHead, Panel } from "../parts/panel.tsx";

export async function showIssues(c: DashboardContext) {
  const { issues, arrivals, connection } = await surroundingsOf(c);
  const now = c.get("deps").now();
  return renderPage(
    c,
    { title: "Issues", place: "Issues" },
    <>
      <PageHead title="Issues" note="Everything that needs a person. One cause is one issue." />
      <PageNote c={c} />
      <section class="panel">
        {connection === null ? <NotConnected /> : null}
        {issues.length > 0 ? (
          <IssueList issues={issues} session={c.get("session")} now={now} />
        ) : connection === null ? null : (
          <AllClear lastWebhookAtMs={arrivals.webhookAtMs} now={now} />
        )}
      </section>
      <Panel title="How issues come and go">
        <div class="pad">
          <p>
            Nothing that Stripe sent, and nothing that was to be sent, is dropped: it is done, waits, or has
            given up where it can be seen. An issue goes by itself once its cause does. Waiting and dead work
            one by one is in the <a href={href("/stuck-jobs")}>list of jobs</a>.
          </p>
          <p id="storage" class="muted">
            Payloads, the content of emails, and messages are kept for as many days as the installation's
            RETENTION_DAYS says; money, timelines and the audit log stay. An environment that fills up takes
            nothing more in once it is full: have that shortened, or go on in a new environment.
          </p>
        </div>
      </Panel>
      <ByApi calls={[{ words: "This list", method: "GET", path: "/issues" }]} />
    </>,
  );
}

function NotConnected() {
  return (
    <p class="pad">
      This environment is not connected to Stripe yet: <a href={href("/connections")}>connect it</a>.
    </p>
  );
}
