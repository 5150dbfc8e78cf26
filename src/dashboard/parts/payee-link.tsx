// The way to what a payment pays.

import { type Paying, payeeOf } from "../payee-view.ts";

export function PayeeLink(props: { payment: Paying; numbers: ReadonlyMap<string, string> }) {
  const { kind, name, href } = payeeOf(props.payment, props.numbers);
  return (
    <a class="clip" href={href}>
      {kind === "Invoice" ? name : `${kind} ${name ?? ""}`.trim()}
    </a>
  );
}
