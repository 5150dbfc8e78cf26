// What a payment URL leads to: on to the link, or a page that says how the invoice stands. Pure.

import type { PaymentPage } from "../ledger/invoices/find-payment-page.ts";
import type { PresentLink } from "../ledger/mails/present-link.ts";
import { isWebAddress } from "../platform/web-address.ts";

export type PageState =
  /** There is nothing to say before paying. */
  | { name: "to_link"; url: string }
  /** @param refreshSeconds when the page looks again by itself; null: it has waited long enough */
  | { name: "making_link"; refreshSeconds: number | null }
  | { name: "partly_paid"; url: string }
  /** @param url a link that was made although the payment is on its way */
  | { name: "processing"; url: string | null }
  | { name: "no_link" | "unavailable" | "void" | "uncollectible" }
  | { name: "paid" | "overpaid" | "partly_refunded" | "refunded" | "disputed" };

/** @param nowMs ms */
export function pageState(page: PaymentPage, nowMs: number): PageState {
  const { status, paymentStatus } = page.invoice;
  if (status === "paid") return { name: PAID[paymentStatus] ?? "paid" };
  if (status === "void") return { name: "void" };
  if (page.underWaySinceMs !== null) return { name: "processing", url: linkMadeSince(page) };
  if (status === "uncollectible") return { name: "uncollectible" };
  return openState(page, nowMs);
}

const PAID: Partial<Record<PaymentPage["invoice"]["paymentStatus"], PaidName>> = {
  overpaid: "overpaid",
  partially_refunded: "partly_refunded",
  refunded: "refunded",
  disputed: "disputed",
};
type PaidName = "overpaid" | "partly_refunded" | "refunded" | "disputed";

function openState({ invoice, link, connection }: PaymentPage, nowMs: number): PageState {
  if (connection === "off") return { name: "unavailable" };
  const url = payableUrl(link);
  if (url !== null) return { name: invoice.amountCreditedMinor > 0 ? "partly_paid" : "to_link", url };
  if (link?.status === "pending") {
    if (connection === "refused") return { name: "unavailable" };
    return { name: "making_link", refreshSeconds: refreshAfter(nowMs - link.createdAtMs) };
  }
  // Its payment came, and is still to be heard of.
  if (link?.isUsedUp || link?.offAtStripe === "used_up") return { name: "processing", url: null };
  return { name: link?.switchedOffReason === "disconnected" ? "unavailable" : "no_link" };
}

function payableUrl(link: PresentLink | null): string | null {
  const url = link?.status === "active" && !link.isUsedUp ? link.url : null;
  return url !== null && isWebAddress(url) ? url : null;
}

/** One that is older than the payment may be the one that it is made by. */
function linkMadeSince({ invoice, link, underWaySinceMs, connection }: PaymentPage): string | null {
  const isMeant = link !== null && underWaySinceMs !== null && link.createdAtMs > underWaySinceMs;
  return isMeant && invoice.status === "open" && connection !== "off" ? payableUrl(link) : null;
}

/** A link takes a second; what takes longer waits for Stripe. @param waitedMs since the link was wanted, ms */
function refreshAfter(waitedMs: number): number | null {
  if (waitedMs < 30_000) return 2;
  if (waitedMs < 5 * 60_000) return 10;
  return waitedMs < 60 * 60_000 ? 60 : null;
}
