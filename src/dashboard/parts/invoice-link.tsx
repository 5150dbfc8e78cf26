// The way to an invoice, by its number where that is known.

import { invoiceHref } from "../hrefs.ts";

export function InvoiceLink({ id, numbers }: { id: string; numbers: ReadonlyMap<string, string> }) {
  return (
    <a class="clip" href={invoiceHref(id)}>
      {numbers.get(id) ?? id}
    </a>
  );
}
