// Nothing was found: what can be looked for, and where else what somebody typed may be.

import type { SearchText } from "../../ledger/search/search.ts";
import { href } from "../hrefs.ts";
import { Empty } from "./panel.tsx";
import { SearchAtStripe } from "./stripe-link.tsx";

export function NothingFound({ sought: { text, ids } }: { sought: SearchText }) {
  const id = ids.find((one) => /^[a-z]{2,9}_\S+$/i.test(one)) ?? null;
  return (
    <Empty title={`Nothing found for “${text}”.`}>
      {id === null ? null : <Elsewhere id={id} />}
      <p>
        Look for any id, ours or Stripe's, an invoice number, the beginning of a name or an email, a
        reference, or an amount such as 49.00.
      </p>
    </Empty>
  );
}

function Elsewhere({ id }: { id: string }) {
  const words = KEPT_NOWHERE.find(([prefix]) => id.startsWith(prefix))?.[1];
  if (words !== undefined) return <p>{words}</p>;
  return (
    <p>
      <SearchAtStripe id={id} />{" "}
      <a href={href("/webhook-events", { object_id: id })}>Look for it in webhook events</a>
    </p>
  );
}

const KEPT_NOWHERE = [
  ["req_", "The id of a request is in the log of this installation alone: whoever runs it finds it there."],
  ["msg_test_", "An example that is sent by hand is kept nowhere; the audit log says when it was sent."],
] as const;
