// Which objects a connection keeps in step with Stripe, and which way.

export type SyncConfig = {
  customer: { inbound: boolean; outbound: boolean };
  invoice: { outbound: boolean };
  subscription: { inbound: boolean };
};
