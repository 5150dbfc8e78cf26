// Addresses of our own pages, in one place: paths are encoded, and filters that are not set are left out.

import { isoTime } from "../platform/iso-time.ts";
import { isWebAddress } from "../platform/web-address.ts";

type Query = Record<string, string | number | null | undefined>;

/** A page of the dashboard: `href("/invoices", { status: "open" })`; or of the console, by its whole path. */
export function href(path: string, query: Query = {}): string {
  const given = Object.entries(query).filter(
    ([, value]) => value !== null && value !== undefined && value !== "",
  );
  const search = new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString();
  const page = isOfConsole(path) ? path : `/dashboard${path === "/" ? "" : path}`;
  return `${page}${search === "" ? "" : `?${search}`}`;
}

/** Whether a path is one of the console's. */
export function isOfConsole(path: string): boolean {
  return /^\/console(?:\/|$)/.test(path);
}

export function invoiceHref(invoiceId: string): string {
  return href(`/invoices/${encodeURIComponent(invoiceId)}`);
}

export function customerHref(customerId: string): string {
  return href(`/customers/${encodeURIComponent(customerId)}`);
}

/** What is done to a connection: `connectionHref(id, "key")`. */
export function connectionHref(connectionId: string, act: ConnectionAct): string {
  return href(`/connections/${encodeURIComponent(connectionId)}/${act}`);
}

export type ConnectionAct =
  | "test"
  | "reconcile"
  | "key"
  | "signing-secret"
  | "webhook"
  | "settings"
  | "pause"
  | "resume"
  | "disconnect";

/** @param sessionId Stripe's own */
export function checkoutSessionHref(sessionId: string): string {
  return href(`/checkout-sessions/${encodeURIComponent(sessionId)}`);
}

/** @param subscriptionId Stripe's own */
export function subscriptionHref(subscriptionId: string): string {
  return href(`/subscriptions/${encodeURIComponent(subscriptionId)}`);
}

export function destinationHref(destinationId: string): string {
  return href(`/event-destinations/${encodeURIComponent(destinationId)}`);
}

export function deliveryHref(deliveryId: string): string {
  return href(`/deliveries/${encodeURIComponent(deliveryId)}`);
}

/** A job's id has slashes in it. */
export function jobHref(jobId: string): string {
  return href(`/stuck-jobs/${encodeURIComponent(jobId)}`);
}

export function paymentHref(paymentId: string): string {
  return href(`/payments/${encodeURIComponent(paymentId)}`);
}

export function disputeHref(disputeId: string): string {
  return href(`/disputes/${encodeURIComponent(disputeId)}`);
}

export function refundHref(paymentId: string): string {
  return href(`/payments/${encodeURIComponent(paymentId)}/refund`);
}

/** Of a payment that was recorded by hand. */
export function refundByHandHref(paymentId: string): string {
  return href(`/payments/${encodeURIComponent(paymentId)}/refund-by-hand`);
}

export function reversalHref(paymentId: string): string {
  return href(`/payments/${encodeURIComponent(paymentId)}/reverse`);
}

/** A mail's id is its cause, with slashes in it. */
export function mailHref(mailId: string): string {
  return href(`/mails/${encodeURIComponent(mailId)}`);
}

export function apiKeyHref(keyId: string): string {
  return href(`/api-keys/${encodeURIComponent(keyId)}`);
}

/** Among the others, alone. */
export function apiKeyInListHref(keyId: string): string {
  return href("/api-keys", { id: keyId });
}

/** The log at that moment, of that object alone. @param entry its moment in ms */
export function auditEntryHref({ objectId, createdAtMs }: { objectId: string; createdAtMs: number }): string {
  return href("/audit-log", { object_id: objectId, ...momentOf(createdAtMs) });
}

/** The log at that moment, ms. */
export function securityEntryHref(createdAtMs: number): string {
  return href("/security-log", momentOf(createdAtMs));
}

function momentOf(atMs: number) {
  return { created_after: isoTime(atMs), created_before: isoTime(atMs + 1) };
}

/** @param webhookEventId ours, `whe_…` */
export function webhookEventHref(webhookEventId: string): string {
  return href(`/webhook-events/${encodeURIComponent(webhookEventId)}`);
}

/** A call's name in the docs: `operationAnchor("post", "/api/v1/invoices")` is `post-invoices`. */
export function operationAnchor(method: string, path: string): string {
  const words = path.replace(/^\/api\/v1/, "").match(/[A-Za-z0-9_]+/g) ?? [];
  return [method.toLowerCase(), ...words].join("-");
}

/** @param path below `/api/v1`, such as `/invoices` */
export function docsHref(method: string, path: string): string {
  return `/docs/calls/${operationAnchor(method, path)}`;
}

/** A link that came from elsewhere, if it is one that may be followed: never `javascript:` or `data:`. */
export function safeHref(url: string | null): string | null {
  return url !== null && isWebAddress(url) ? url : null;
}

/** Where to go after signing in: a page of the dashboard, never another site. */
export function safeNext(next: string | undefined, home: "/dashboard" | "/console" = "/dashboard"): string {
  const inHome = next === home || next?.startsWith(`${home}/`) || next?.startsWith(`${home}?`);
  return inHome && /^[\x21-\x5b\x5d-\x7e]*$/.test(next ?? "") ? (next ?? home) : home;
}
