// Which objects a connection keeps in step with Stripe, and which way.

import * as z from "zod";

export type SyncConfig = {
  customer: { inbound: boolean; outbound: boolean };
  invoice: { outbound: boolean };
  subscription: { inbound: boolean };
};

const off = z.boolean().catch(false);

/** As it is stored: what it does not say is not done. */
export const syncConfig: z.ZodType<SyncConfig> = z
  .object({
    customer: z.object({ inbound: off, outbound: off }).catch({ inbound: false, outbound: false }),
    invoice: z.object({ outbound: off }).catch({ outbound: false }),
    subscription: z.object({ inbound: off }).catch({ inbound: false }),
  })
  .catch({
    customer: { inbound: false, outbound: false },
    invoice: { outbound: false },
    subscription: { inbound: false },
  });
