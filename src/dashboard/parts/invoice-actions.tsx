// The buttons of an invoice. Those that take something back lead to a page that says what will happen.

import type { InvoiceWithLink } from "../../ledger/invoices/read-invoices.ts";
import { newFormToken } from "../act.ts";
import { invoiceHref } from "../hrefs.ts";
import { canBeMailed, INVOICE_ACTS } from "../invoice-acts.ts";
import { Panel } from "./panel.tsx";

export function InvoiceActions({ found }: { found: InvoiceWithLink }) {
  const path = invoiceHref(found.invoice.id);
  const offered = Object.entries(INVOICE_ACTS).filter(([, act]) => act.isOffered(found));
  if (offered.length === 0) return null;
  return (
    <Panel title="Actions">
      <div class="pad actions">
        {canBeMailed(found) ? (
          <form method="post" action={`${path}/send`}>
            <input type="hidden" name="token" value={newFormToken()} />
            <button type="submit">Send the mail again</button>
          </form>
        ) : null}
        {offered.map(([name, act]) => (
          <a class="button" href={`${path}/${name}`}>
            {act.button}…
          </a>
        ))}
      </div>
    </Panel>
  );
}
