// What was found for what somebody typed into the field that is on every page.

import type { Found, FoundKind } from "../../ledger/search/found.ts";
import { MOST_SOUGHT_CHARACTERS } from "../../platform/bounds.ts";
import { webhookEventIdFor } from "../../platform/ids.ts";
import { askLedger } from "../ask-ledger.ts";
import type { DashboardContext } from "../dashboard-env.ts";
import {
  checkoutSessionHref,
  customerHref,
  deliveryHref,
  destinationHref,
  disputeHref,
  href,
  invoiceHref,
  mailHref,
  paymentHref,
  subscriptionHref,
  webhookEventHref,
} from "../hrefs.ts";
import { renderPage } from "../layout/render.tsx";
import { ByApi, type CurlCall } from "../parts/by-api.tsx";
import { Money } from "../parts/money.tsx";
import { Empty, PageHead } from "../parts/panel.tsx";
import { None, Table } from "../parts/table.tsx";
import { Time } from "../parts/time.tsx";
import { wordsOf } from "../status-words.ts";

const MOST_CHARACTERS = 200;

export async function showSearch(c: DashboardContext) {
  const typed = (c.req.query("q") ?? "").trim().slice(0, MOST_CHARACTERS);
  const { found } = await askLedger(c, { found: ["search", { text: typed }] });
  const [only] = found;
  // An id, or the whole of a number, can mean one thing alone.
  if (only !== undefined && found.length === 1 && isExact(only, typed)) return c.redirect(hrefOf(only), 303);
  return renderPage(
    c,
    { title: "Search", place: null, searched: typed },
    <>
      <PageHead title="Search" />
      <SearchForm typed={typed} />
      {typed === "" ? null : (
        <section class="panel">
          {found.length === 0 ? (
            <Nothing typed={typed} />
          ) : (
            <Results found={found} now={c.get("deps").now()} />
          )}
        </section>
      )}
      <p class="muted">
        Ids are found whole, ours and Stripe's; invoice numbers, customer names and emails by how they begin.
        Amounts, emails to an address, and references of payments recorded by hand are found among the newest
        1,000 of each kind. At most ten of each are shown.
      </p>
      {typed === "" ? null : <ByApi calls={callsOf(typed, found)} />}
    </>,
  );
}

const ROUTES: Partial<Record<FoundKind, string>> = {
  invoice: "invoices",
  customer: "customers",
  payment: "payments",
  refund: "refunds",
  dispute: "disputes",
  subscription: "subscriptions",
  checkout_session: "checkout_sessions",
  webhook_event: "webhook_events",
  event_destination: "event_destinations",
  mail: "mails",
};

/** The first that was found, and the lists that are searched by the same words. */
function callsOf(typed: string, [first]: readonly Found[]): CurlCall[] {
  const list = (name: string, words: string): CurlCall => ({
    words,
    method: "GET",
    path: `/${name}`,
    query: { search: typed.slice(0, MOST_SOUGHT_CHARACTERS) },
  });
  const lists = [
    list("invoices", "Invoices by number, name or email"),
    list("customers", "Customers by name, email or id"),
    list("payments", "Payments by id, invoice number, name or email"),
  ];
  const route = first === undefined ? undefined : ROUTES[first.kind];
  if (first === undefined || route === undefined) return lists;
  const path = `/${route}/${encodeURIComponent(first.id)}`;
  return [{ words: first.name, method: "GET", path, route: `/${route}/{id}` }, ...lists];
}

function SearchForm({ typed }: { typed: string }) {
  return (
    <search>
      <form class="filter" method="get" action={href("/search")}>
        <input
          class="wide-search"
          type="search"
          name="q"
          value={typed}
          aria-label="Search by id, number, name, email or amount"
          placeholder="Id, number, name, email, amount"
          maxlength={MOST_CHARACTERS}
          autofocus={typed === ""}
        />
        <button class="primary" type="submit">
          Search
        </button>
      </form>
    </search>
  );
}

function Results({ found, now }: { found: readonly Found[]; now: number }) {
  return (
    <Table
      caption="What was found"
      rows={found}
      columns={[
        {
          head: "Name",
          cell: (one) => (
            <a class="clip" href={hrefOf(one)}>
              {one.name}
            </a>
          ),
        },
        { head: "What", cell: ({ kind }) => wordsOf(kind) },
        {
          head: "Amount",
          right: true,
          lead: true,
          cell: ({ amountMinor, currency }) =>
            amountMinor === null || currency === null ? (
              <None />
            ) : (
              <Money amountMinor={amountMinor} currency={currency} />
            ),
        },
        { head: "Details", priority: 2, cell: ({ detail }) => detail ?? <None /> },
        { head: "When", isTime: true, priority: 2, cell: (one) => <Time ms={one.createdAtMs} now={now} /> },
      ]}
    />
  );
}

function Nothing({ typed }: { typed: string }) {
  return (
    <Empty title={`Nothing found for “${typed}”.`}>
      <p>
        Look for an id, an invoice number, the beginning of a name or an email, or an amount such as 49.00.
      </p>
    </Empty>
  );
}

function isExact({ id, name }: Found, typed: string): boolean {
  return [id, name, webhookEventIdFor(id)].some((one) => one.toLowerCase() === typed.toLowerCase());
}

const PLACES: Record<FoundKind, (found: Found) => string> = {
  invoice: ({ id }) => invoiceHref(id),
  customer: ({ id }) => customerHref(id),
  payment: ({ id }) => paymentHref(id),
  refund: ({ of }) => (of === null ? href("/payments") : paymentHref(of)),
  dispute: ({ id }) => disputeHref(id),
  subscription: ({ id }) => subscriptionHref(id),
  subscription_invoice: ({ of }) => (of === null ? href("/subscriptions") : subscriptionHref(of)),
  checkout_session: ({ id }) => checkoutSessionHref(id),
  webhook_event: ({ id }) => webhookEventHref(webhookEventIdFor(id)),
  event_destination: ({ id }) => destinationHref(id),
  delivery: ({ id }) => deliveryHref(id),
  mail: ({ id }) => mailHref(id),
};

/** The page that shows it. */
function hrefOf(found: Found): string {
  return PLACES[found.kind](found);
}
