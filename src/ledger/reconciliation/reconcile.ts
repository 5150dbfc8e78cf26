// Fetching what Stripe has and we have not: of which connection. Where it is given up nothing is lost: the next
// run goes on at the cursor.

import type { KindOfWork } from "../outbox/kind-of-work.ts";

export type Reconciliation = { connectionId: string };

export const reconciliation: KindOfWork<"reconcile", Reconciliation> = {
  claim: (_book, { connectionId }) => ({ connectionId }),
};
