// The list of mails to customers. In development it is where they end.

import { byCreation } from "../../http/list.ts";
import { listMailsQuery, toMailFilter } from "../../mail/schema.ts";
import { describeEmail } from "../../platform/email-config.ts";
import { MAIL_KINDS } from "../../platform/tables/mails.ts";
import type { DashboardContext } from "../dashboard-env.ts";
import { renderPage } from "../layout/render.tsx";
import { Chips } from "../parts/filter-bar.tsx";
import { ListPage } from "../parts/list-page.tsx";
import { MailTable } from "../parts/mail-table.tsx";
import { customerAsked, OfCustomer } from "../parts/narrowed.tsx";
import { askList } from "../read-list.ts";
import { MAIL_LOOK, wordsOf } from "../status-words.ts";

const PATH = "/mails";

const CHIPS = [
  { words: "Of any kind", filters: { kind: undefined } },
  ...MAIL_KINDS.map((kind) => ({ words: `${wordsOf(kind)}s`, filters: { kind } })),
];

export async function showMails(c: DashboardContext) {
  const deps = c.get("deps");
  const list = await askList(
    c,
    listMailsQuery,
    (query, page) => ["listMails", { filter: toMailFilter(query), page }],
    byCreation,
    customerAsked,
  );
  return renderPage(
    c,
    { title: "Emails", place: "Emails" },
    <ListPage
      title="Emails"
      note={describeEmail(deps.config.email, deps.config.mailReports)}
      path={PATH}
      list={list}
      looks={MAIL_LOOK}
      filter={
        <>
          <Chips path={PATH} filters={list.filters} chips={CHIPS} />
          <OfCustomer path={PATH} filters={list.filters} names={list.beside.ofCustomer} />
        </>
      }
      api="/mails"
      table={(rows) => <MailTable mails={rows} invoiceNumbers={list.names.invoices} now={deps.now()} />}
      none={{
        title: "No emails yet.",
        words: (
          <p>
            A finalised invoice is mailed once its payment link is there, unless it or the settings say no;
            any open one from its own page, too.
          </p>
        ),
      }}
      noneFits={{ title: "No email fits.", showAll: "Show all emails" }}
    />,
  );
}
