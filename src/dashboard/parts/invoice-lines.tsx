// An invoice's lines and sums.

import type { InvoiceRow } from "../../ledger/invoices/read-invoices.ts";
import { remainingMinor } from "../../platform/invoice-remaining.ts";
import { Money } from "./money.tsx";
import { Table } from "./table.tsx";

export function InvoiceLines({ invoice }: { invoice: InvoiceRow }) {
  const { currency } = invoice;
  return (
    <Table
      caption="Lines"
      rows={invoice.lines}
      columns={[
        { head: "Description", cell: (line) => <span class="prose">{line.description}</span> },
        { head: "Quantity", right: true, cell: (line) => line.quantity.toLocaleString("en") },
        {
          head: "Unit amount",
          right: true,
          priority: 2,
          cell: (line) => <Money amountMinor={line.unitAmountMinor} currency={currency} />,
        },
        {
          head: "Amount",
          right: true,
          lead: true,
          cell: (line) => <Money amountMinor={line.quantity * line.unitAmountMinor} currency={currency} />,
        },
      ]}
      foot={<Sums invoice={invoice} />}
    />
  );
}

function Sums({ invoice }: { invoice: InvoiceRow }) {
  const remaining = remainingMinor(invoice);
  const sums = [
    ["Due", invoice.amountDueMinor, true],
    ["Paid", invoice.amountPaidMinor, true],
    ["Discount", invoice.amountDiscountedMinor, invoice.amountDiscountedMinor > 0],
    ["Remaining", remaining, remaining > 0 && invoice.status !== "void"],
    ["Refunded", invoice.amountRefundedMinor, invoice.amountRefundedMinor > 0],
    ["Disputed", invoice.amountDisputedMinor, invoice.amountDisputedMinor > 0],
  ] as const;
  return (
    <tfoot>
      {sums
        .filter(([, , shown]) => shown)
        .map(([name, amountMinor]) => (
          <tr>
            <th scope="row">{name}</th>
            <td />
            <td class="p2" />
            <td class="right">
              <Money amountMinor={amountMinor} currency={invoice.currency} />
            </td>
          </tr>
        ))}
    </tfoot>
  );
}
