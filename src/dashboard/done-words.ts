// What a page says after an action has led back to it. The address names the sentence and never holds it: a
// link from elsewhere cannot put words on our pages.

const DONE = {
  refunded: "The refund is made. It shows below with Stripe's state of it.",
  invoice_created: "The draft is made. Finalise it, and its payment link is made.",
  invoice_created_final: "The invoice is made and final. Its payment link is being made.",
  invoice_changed: "The invoice is changed.",
  payment_recorded: "The payment is recorded. It shows below.",
  mailed: "The email is on its way. It shows below with its state.",
  link_replaced: "A new payment link is being made; the one before is being switched off.",
  invoice_reopened: "The invoice is open again. Its payment link is being made.",
  draft_deleted: "The draft is deleted.",
  payment_reversed: "The payment is reversed. It shows below and counts no more.",
  refund_recorded: "The refund is recorded. It shows below.",
  voided: "The invoice is void. Its payment link is being switched off.",
  uncollectible: "The invoice is marked uncollectible. Its payment link is being switched off.",
  finalized: "The invoice is final. Its payment link is being made.",
  subscription_canceled: "The subscription has ended at Stripe.",
  subscription_ending: "The subscription ends with what is paid for. Until then it can be resumed.",
  subscription_resumed: "The subscription goes on.",
  job_retried: "It is being done again. What still shows here has not been done yet: reload in a moment.",
  job_moved_on: "That job is not stuck any more: it is being done again, or is done.",
  job_dismissed: "The job is off the list. The audit log keeps why it had given up.",
  destination_on: "It is switched on: what happens from now on is sent to it. What failed can be recovered.",
  destination_off: "It is switched off: nothing is sent to it, and what comes is kept as failed.",
  destination_changed: "The changes are saved: what happens from now on is sent by them.",
  destination_deleted: "The destination is deleted, with its secrets.",
  jobs_retried: "They are being done again. Reload in a moment: what still shows here then says why.",
  delivery_retried: "It is being sent again. Below is what comes of it.",
  recovering: "They are being sent again, oldest first, about ten a second. Reload to see what came of them.",
  recovering_some:
    "The oldest are being sent again, about ten a second. There are more than one call takes: recover again.",
  replaying: "They are being done again by the queue. Reload in a moment to see what became of them.",
  replaying_some: "A thousand are being done again by the queue. There are more: these are the next.",
  event_dismissed: "It is dismissed, and counts as dead no more.",
  events_dismissed:
    "They are dismissed. What still shows here as dead came since, or is more than one call takes.",
  replayed: "It was done again, and is processed. Below is what it changed.",
  replay_ignored: "It was done again, and there was nothing in it to record. Below is why.",
  replay_failed: "It was done again, and failed again. It is tried again by itself; below is why it failed.",
  replay_dead: "It was done again, and failed again. Below is why: mend that, and replay it once more.",
  replay_unneeded: "It was processed already, so nothing was done again.",
  customer_created: "The customer is created.",
  customer_changed: "It is saved.",
  customer_deleted: "The customer is deleted: what is personal is erased, and its invoices are kept.",
  customers_running: "It is queued. How far it is shows below: reload in a moment.",
  customer_synced: "It is in step with Stripe now, as it shows below.",
  customer_unchanged: "It is in step with Stripe: there was nothing new on either side.",
  customer_pending: "It is on its way, or will be tried again by itself. Reload in a moment.",
  looked_at_stripe: "Below is what Stripe says of it now.",
  resealed: "Every secret that can be opened lies under the first key now.",
  resealed_some:
    "Some were moved. There are more: reseal again, or leave it to cron, which moves a hundred or so a minute.",
  message_dismissed: "The message is dismissed. The audit log keeps why it was there.",
  tenant_made: "The tenant is made. Next, make its first environment.",
  environment_made: "The environment is made. Next, make its first API key.",
  budgets_saved: "The budgets are saved. They hold from the next count on.",
  environment_erased: "The environment is erased for good. Below is what was lost with it.",
  connected: "The account is connected. Below is what Stripe says of it.",
  key_replaced: "The new key is in use; the one before is erased.",
  signing_secret_set: "The signing secret is set. What Stripe sends from now on is checked with it.",
  signing_secret_kept:
    "That signing secret was set already, and stays. One before it is taken no longer than you chose: where it still is, it says below until when.",
  webhook_set_up: "The event destination at Stripe is as it must be, and its signing secret is stored.",
  connection_changed: "It is changed.",
  connection_paused: "The connection is paused: no links are made and no payments processed.",
  connection_resumed: "The connection goes on. What Stripe sent meanwhile is being fetched.",
  example_taken: "The example was taken: your platform is told from now on.",
  example_refused:
    "The example was not taken. The destination's page can send one and show what came back; a secret that is not its own is a frequent cause.",
  disconnected: "The account is disconnected, and its secrets are erased.",
  settings_saved: "The settings are saved. They hold for links and emails made from now on.",
  key_revoked: "The key is revoked, with all that it made. Calls with them are refused from now on.",
  key_shown:
    "That form has made its key already, and the key was shown that once. If it was not copied, revoke it and make another.",
  reconciling: "A reconciliation is queued. Reload in a moment to see what it found.",
} as const satisfies Record<string, string>;

export type Done = keyof typeof DONE;

const BAD: readonly string[] = ["replay_failed", "replay_dead"] satisfies Done[];
const NEUTRAL: readonly string[] = [
  "replay_ignored",
  "replay_unneeded",
  "key_shown",
  "signing_secret_kept",
] satisfies Done[];

/** How what was done shows: what has failed is never green. */
export function doneTone(done: string | undefined): "good" | "info" | "bad" {
  if (done === undefined) return "good";
  if (BAD.includes(done)) return "bad";
  return NEUTRAL.includes(done) ? "info" : "good";
}

/** The sentence of a `?done=`; null for none, or one that is not ours. */
export function doneWords(done: string | undefined): string | null {
  return done !== undefined && Object.hasOwn(DONE, done) ? DONE[done as Done] : null;
}
