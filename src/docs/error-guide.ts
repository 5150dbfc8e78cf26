// What each error code means to the caller and what helps. A new code does not compile until it is here.

import type { ErrorCode } from "../platform/app-error.ts";
import { MOST_BODY_BYTES } from "../platform/bounds.ts";

export const ERROR_GUIDE: Record<ErrorCode, string> = {
  malformed_json: "The body is not JSON, or not UTF-8.",
  signature_refused:
    "A webhook's signature could not be verified for this address. Stripe's door alone answers this.",
  unauthorized: "The credential is missing, wrong, revoked or expired.",
  forbidden: "The key's role may not do this: use one of a higher role.",
  https_required: "A key came over plain http. Call the same address with https, and make another key.",
  not_found: "There is no such object in this environment, or no such address.",
  conflict: "The object's present state does not allow this.",
  already_exists: "Another object has this id. Choose another, or use the one there is.",
  invoice_not_finalizable: "Only a draft can be finalised.",
  invoice_not_payable: "The invoice's status takes no payment and no link.",
  payment_under_way:
    "A slow payment, such as a bank debit, is on its way: a second way to pay may be paid twice. Wait for it, or send `force: true`.",
  payment_not_refundable: "The payment has not succeeded, is refunded already, or is disputed.",
  refund_in_doubt:
    "It is not yet known whether an earlier refund was made at Stripe. Look again in a moment.",
  payment_link_not_active: "The invoice has no link that can be paid just now.",
  customer_email_missing: "The customer has no mail address to send to.",
  email_not_configured: "This installation has no way to send mail set up.",
  connection_missing: "The environment has no Stripe connection. Make one first.",
  connection_exists:
    "The environment has its one live connection already. Change it, or disconnect it first.",
  payload_gone:
    "The event's payload is not kept, because it is past its age or about somebody else's objects, and Stripe has it no more, so it cannot be read again: what it came to is kept.",
  connection_disabled: "The Stripe connection is switched off. Set is_active to true.",
  connect_not_configured:
    "Stripe Connect is not set up on this installation, or not for this mode. What is missing is in detail; a key connects as well.",
  portal_not_configured:
    "The options of Stripe's customer portal were never saved in the connected account. The address where to do it is in detail.",
  idempotency_key_in_use: "The first call with this Idempotency-Key is still running. Try again in a moment.",
  body_too_large: `The body is over ${MOST_BODY_BYTES / 1024 / 1024} MiB.`,
  unsupported_media_type: "The body must be JSON, with content-type: application/json.",
  validation_failed: "Something in the request does not fit. Each failing place is named in errors.",
  refund_too_large: "More was asked for than is left of the payment.",
  mode_mismatch: "A live key in a test environment, or a test key in a live one.",
  account_mismatch: "A new key must be of the same Stripe account and mode as the one before.",
  idempotency_key_reused:
    "This Idempotency-Key was used for another call or body, or by another API key. Use a new one.",
  stripe_authentication_failed: "Stripe refuses the connection's key. Set a valid one.",
  stripe_permission_missing: "The restricted key lacks a permission, which is named. Grant it at Stripe.",
  stripe_refused: "Stripe refused the call. Its reason is in detail.",
  live_key_refused: "This installation talks to a sandbox, which gets test keys only.",
  rate_limited: "Too many calls. Wait as long as Retry-After says.",
  over_budget:
    "A budget of the environment is used up; detail names it, its size and what helps. With Retry-After a new count begins by itself.",
  internal_error: "Something went wrong at our end. Quote request_id when you report it.",
  stripe_rate_limited: "Stripe asks to slow down. Try again after Retry-After.",
  stripe_unavailable: "Stripe failed. Try again; with an Idempotency-Key nothing happens twice.",
  stripe_timeout: "Stripe did not answer in time. Try again; with an Idempotency-Key nothing happens twice.",
  email_unavailable: "The mail service failed. Try again.",
  not_configured: "A setting of this installation is missing or wrong; /readyz names it.",
  secret_unreadable:
    "A stored secret cannot be opened: its key left ENCRYPTION_KEYS. Put the key back, or set the secret again.",
  queue_unavailable: "The queue took nothing. Nothing was accepted: send it again.",
  disconnect_unfinished:
    "The environment has more payment links than one call can switch off at Stripe. Make the same call again: it goes on where this one ended.",
  resolver_unavailable: "A host name could not be looked up just now. Try again.",
  database_behind:
    "The Worker was deployed before its migrations: whoever runs it applies them, and /readyz names what is missing.",
  database_unavailable: "The database did not answer. Nothing is half done: try again.",
};
