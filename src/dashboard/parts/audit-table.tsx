// Entries of the audit log: who did what, when and from where.

import { useContext } from "hono/jsx";
import type { AuditLogRow } from "../../platform/audit-page.ts";
import { detailWords } from "../audit-words.ts";
import {
  apiKeyInListHref,
  checkoutSessionHref,
  customerHref,
  deliveryHref,
  destinationHref,
  href,
  invoiceHref,
  paymentHref,
  subscriptionHref,
  webhookEventHref,
} from "../hrefs.ts";
import { wordsOf } from "../status-words.ts";
import { actorColumns } from "./actor-columns.tsx";
import { Table } from "./table.tsx";
import { TimeZone } from "./time-zone.ts";

/** @param props.names of what it was done to, by id; undefined where its pages are not the reader's */
export function AuditTable(props: {
  rows: readonly AuditLogRow[];
  names?: ReadonlyMap<string, string>;
  now: number;
}) {
  const { rows, names, now } = props;
  const timeZone = useContext(TimeZone);
  return (
    <Table
      caption="Audit log"
      rows={rows}
      columns={[
        {
          head: "Action",
          cell: (row) => (
            <>
              {wordsOf(row.action)}
              <span class="reason">{detailWords(row.detail, timeZone)}</span>
            </>
          ),
        },
        { head: "Object", cell: (row) => <What row={row} names={names} /> },
        ...actorColumns(now),
      ]}
    />
  );
}

const PAGE_OF: Record<string, (id: string) => string> = {
  invoice: invoiceHref,
  customer: customerHref,
  payment: paymentHref,
  checkout_session: checkoutSessionHref,
  connection: () => href("/connections"),
  api_key: apiKeyInListHref,
  settings: () => href("/settings"),
  subscription: subscriptionHref,
  event_destination: destinationHref,
  delivery: deliveryHref,
  webhook_event: webhookEventHref,
};

function What(props: { row: AuditLogRow; names: ReadonlyMap<string, string> | undefined }) {
  const { object, objectId } = props.row;
  const name = props.names?.get(objectId);
  const pageOf = Object.hasOwn(PAGE_OF, object) ? PAGE_OF[object] : undefined;
  const shown = name === undefined ? <code class="clip">{objectId}</code> : <span class="clip">{name}</span>;
  return pageOf === undefined || props.names === undefined ? (
    shown
  ) : (
    <a href={pageOf(objectId)} title={objectId}>
      {shown}
    </a>
  );
}
