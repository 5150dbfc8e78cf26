// What can be done to an invoice, at the head of its page: what is wanted most as buttons, the rest in a menu. Those
// that change anything lead to a page that says what will happen.

import type { InvoiceWithLink } from "../../ledger/invoices/read-invoices.ts";
import type { PaymentView } from "../../ledger/payments/read-payments.ts";
import { newFormToken } from "../act.ts";
import { invoiceHref } from "../hrefs.ts";
import { canBeMailed, INVOICE_ACTS } from "../invoice-acts.ts";
import { Menu } from "./menu.tsx";
import { moneyText } from "./money.tsx";
import { waysBack } from "./payment-table.tsx";

type Way = { words: string; to: string; isFirst?: boolean; danger?: boolean };

const BUTTONS_BESIDE_MENU = 2;

/** @param props.mayRefund whether money may be given back */
export function InvoiceActions(props: {
  found: InvoiceWithLink;
  payments: readonly PaymentView[];
  mayRefund: boolean;
}) {
  const { found, payments, mayRefund } = props;
  const path = invoiceHref(found.invoice.id);
  const ways = [...waysOf(found, path), ...(mayRefund ? waysBackOf(payments) : [])];
  const mail = canBeMailed(found) ? <SendMail path={path} /> : null;
  const beside = ways.slice(0, mail === null ? BUTTONS_BESIDE_MENU : BUTTONS_BESIDE_MENU - 1);
  const rest = ways.slice(beside.length);
  return (
    <div class="actions invoice-actions">
      {beside.map(({ words, to, isFirst }) => (
        <a class={isFirst ? "button primary" : "button"} href={to}>
          {words}
        </a>
      ))}
      {mail}
      {rest.length === 0 ? null : (
        <Menu label="More to do with this invoice" words="More">
          {rest.map(({ words, to, danger }) => (
            <a class={danger ? "danger" : undefined} href={to}>
              {words}
            </a>
          ))}
        </Menu>
      )}
    </div>
  );
}

/** In the order in which they are wanted. */
function waysOf(found: InvoiceWithLink, path: string): Way[] {
  const { status } = found.invoice;
  const acts = Object.entries(INVOICE_ACTS)
    .filter(([, act]) => act.isOffered(found))
    .map(([name, { button, danger }]) => ({ words: `${button}…`, to: `${path}/${name}`, danger }));
  const finalise = acts
    .filter(({ to }) => to.endsWith("/finalize"))
    .map((act) => ({ ...act, isFirst: true }));
  const others = acts.filter(({ to }) => !to.endsWith("/finalize"));
  return [
    ...finalise,
    ...recordWay(status, path),
    { words: status === "draft" ? "Edit" : "Edit due date and memo", to: `${path}/edit` },
    ...others,
  ];
}

function recordWay(status: InvoiceWithLink["invoice"]["status"], path: string): Way[] {
  if (status !== "open" && status !== "uncollectible") return [];
  return [{ words: "Record a payment", to: `${path}/record-payment`, isFirst: true }];
}

/** Of one payment the way is named alone; of several each says of which amount. */
function waysBackOf(payments: readonly PaymentView[]): Way[] {
  return payments.flatMap((payment) =>
    waysBack(payment).map(({ words, to }) => ({
      words:
        payments.length === 1
          ? words
          : words.replace("…", ` ${moneyText(payment.amountMinor, payment.currency)}…`),
      to,
    })),
  );
}

function SendMail({ path }: { path: string }) {
  return (
    <form method="post" action={`${path}/send`}>
      <input type="hidden" name="token" value={newFormToken()} />
      <button type="submit">Send the email again</button>
    </form>
  );
}
