// The list of mails to customers. In development it is where they end.

import { listOf, readPage } from "../../http/list.ts";
import { ledger } from "../../ledger/client.ts";
import { listMailsQuery } from "../../mail/schema.ts";
import { describeEmail } from "../../platform/email-config.ts";
import type { DashboardContext } from "../dashboard-env.ts";
import { docsHref, href } from "../hrefs.ts";
import { renderPage } from "../layout/render.tsx";
import { Pager, StatusTabs } from "../parts/list-navigation.tsx";
import { MailTable } from "../parts/mail-table.tsx";
import { Empty, PageHead } from "../parts/panel.tsx";
import { readQuery } from "../read-query.ts";
import { MAIL_LOOK } from "../status-words.ts";

const PATH = "/mails";

export async function showMails(c: DashboardContext) {
  const deps = c.get("deps");
  const { scope } = c.get("session").principal;
  const query = readQuery(c, listMailsQuery);
  const page = readPage(query);
  const { invoice_id, status } = query;
  const rows = await ledger(deps, scope).listMails({ filter: { status, invoiceId: invoice_id }, page });
  const list = listOf(
    rows,
    page.limit,
    (row) => row,
    (row) => ({ timeMs: row.createdAtMs, id: row.id }),
  );
  const ids = list.data.map((row) => row.invoiceId);
  const numbers = await ledger(deps, scope).findInvoiceNumbers({ ids });
  return renderPage(
    c,
    { title: "Mails", place: "Mails" },
    <>
      <PageHead title="Mails" note={describeEmail(deps.config.email)} />
      <StatusTabs path={PATH} looks={MAIL_LOOK} present={status} filters={{ invoice_id }} />
      <section class="panel">
        {list.data.length === 0 ? (
          <NoMails filtered={status !== undefined || invoice_id !== undefined} />
        ) : (
          <MailTable mails={list.data} invoiceNumbers={numbers} now={deps.now()} />
        )}
      </section>
      <Pager
        path={PATH}
        filters={{ invoice_id, status }}
        cursor={query.cursor}
        nextCursor={list.next_cursor}
      />
    </>,
  );
}

function NoMails({ filtered }: { filtered: boolean }) {
  return filtered ? (
    <Empty title="No mail fits.">
      <p>
        <a href={href(PATH)}>Show all mails</a>
      </p>
    </Empty>
  ) : (
    <Empty title="No mails yet.">
      <p>
        An invoice with <code>send_email</code> is mailed once its payment link is there; any open one by{" "}
        <a href={docsHref("post", "/invoices/{id}/send")}>POST …/send</a>
      </p>
    </Empty>
  );
}
