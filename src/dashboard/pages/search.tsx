// What was found for what somebody typed into the field that is on every page.

import type { Child } from "hono/jsx";
import type { Found, FoundKind } from "../../ledger/search/found.ts";
import { MOST_SOUGHT_CHARACTERS, NEWEST_SEARCHED } from "../../platform/bounds.ts";
import { webhookEventIdFor } from "../../platform/ids.ts";
import { askLedger } from "../ask-ledger.ts";
import type { DashboardContext } from "../dashboard-env.ts";
import { findInDirectory, type Placed } from "../find-in-directory.ts";
import {
  auditEntryHref,
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
import { NothingFound } from "../parts/nothing-found.tsx";
import { Notice, PageHead } from "../parts/panel.tsx";
import { None, Table } from "../parts/table.tsx";
import { Time } from "../parts/time.tsx";
import { isSecret, readSought } from "../read-sought.ts";
import { mayAct } from "../session/may-act.ts";
import { wordsOf } from "../status-words.ts";

export async function showSearch(c: DashboardContext) {
  const typed = c.req.query("q") ?? "";
  if (isSecret(typed)) return renderSearch(c, "", <Secret />);
  const sought = readSought(typed);
  const [{ found }, placed] = await Promise.all([
    askLedger(c, { found: ["search", sought] }),
    findInDirectory(c, sought.ids),
  ]);
  const named = [
    ...found.id.filter((one) => mayRead(c, one)).map(toResult),
    ...placed.map((one) => ({ ...one, amountMinor: null, currency: null })),
  ];
  const called = found.text.map(toResult);
  const only = onlyPage(sought.text, named, called);
  if (only !== null) return c.redirect(only, 303);
  if (sought.text === "") return renderSearch(c, "", null);
  const results = [...named, ...called];
  return renderSearch(
    c,
    sought.text,
    <section class="panel">
      {results.length === 0 ? (
        <NothingFound sought={sought} />
      ) : (
        <Results results={results} now={c.get("deps").now()} />
      )}
    </section>,
    callsOf(sought.text, [...found.id.filter((one) => mayRead(c, one)), ...found.text]),
  );
}

/** Where one thing alone can be meant, its page: an id, an address, or the whole of a number. */
function onlyPage(text: string, named: readonly Result[], called: readonly Result[]): string | null {
  const [page, another] = new Set(named.map(({ href }) => href));
  if (page !== undefined && another === undefined)
    return /[_/]/.test(text) || called.length === 0 ? page : null;
  const [only, more] = called;
  const isWhole = only?.name.toLowerCase() === text.toLowerCase();
  return only !== undefined && more === undefined && page === undefined && isWhole ? only.href : null;
}

function renderSearch(c: DashboardContext, text: string, content: Child, calls: readonly CurlCall[] = []) {
  return renderPage(
    c,
    { title: "Search", place: null, searched: text },
    <>
      <PageHead title="Search" />
      <SearchForm text={text} />
      {content}
      <p class="muted">
        Ids and addresses are found whole, ours and Stripe's, also within a line of a log; invoice numbers,
        customer names and emails by how they begin. What has no index is found among the newest{" "}
        {NEWEST_SEARCHED.toLocaleString("en")} of its kind: amounts, references, emails to an address, a
        webhook-id, what your platform or an email provider calls something. At most ten of each are shown.
      </p>
      {calls.length === 0 ? null : <ByApi calls={calls} />}
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
function callsOf(text: string, [first]: readonly Found[]): CurlCall[] {
  const list = (name: string, words: string): CurlCall => ({
    words,
    method: "GET",
    path: `/${name}`,
    query: { search: text },
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

function SearchForm({ text }: { text: string }) {
  return (
    <search>
      <form class="filter" method="get" action={href("/search")}>
        <input
          class="wide-search"
          type="search"
          name="q"
          value={text}
          aria-label="Search by id, number, name, email or amount"
          placeholder="Id, number, name, email, amount"
          maxlength={MOST_SOUGHT_CHARACTERS}
          autofocus={text === ""}
        />
        <button class="primary" type="submit">
          Search
        </button>
      </form>
    </search>
  );
}

function Results({ results, now }: { results: readonly Result[]; now: number }) {
  return (
    <Table
      caption="What was found"
      rows={results}
      columns={[
        {
          head: "Name",
          cell: (one) => (
            <a class="clip" href={one.href}>
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

function Secret() {
  return (
    <Notice tone="warn">
      That is a secret, and it is not looked for. Keys are found by their ids, which begin with key_. It
      stands in this browser's history now: replace it where others can see that.
    </Notice>
  );
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
  job: () => href("/stuck-jobs"),
  audit_entry: ({ of, createdAtMs }) => auditEntryHref({ objectId: of ?? "", createdAtMs }),
};

type Result = Placed & Pick<Found, "amountMinor" | "currency">;

function toResult(found: Found): Result {
  const { kind, name, detail, amountMinor, currency, createdAtMs } = found;
  return { kind, name, detail, amountMinor, currency, createdAtMs, href: PLACES[kind](found) };
}

function mayRead(c: DashboardContext, { kind }: Found): boolean {
  return kind !== "audit_entry" || mayAct(c.get("session"), "admin");
}
