// What a page says after an action has led back to it. The address names the sentence and never holds it: a
// link from elsewhere cannot put words on our pages.

const DONE = {
  refunded: "The refund is made. It shows below with Stripe's state of it.",
  mailed: "The mail is on its way. It shows below with its state.",
  link_replaced:
    "A new payment link is being made; the one before is being switched off. Reload in a moment.",
  voided: "The invoice is void. Its payment link is being switched off.",
  uncollectible: "The invoice is marked uncollectible. Its payment link is being switched off.",
  replayed: "It was done again. Below is what became of it.",
  replay_unneeded: "It was processed already, so nothing was done again.",
  reconciling: "A reconciliation is queued. Reload in a moment to see what it found.",
} as const satisfies Record<string, string>;

export type Done = keyof typeof DONE;

/** The sentence of a `?done=`; null for none, or one that is not ours. */
export function doneWords(done: string | undefined): string | null {
  return done !== undefined && Object.hasOwn(DONE, done) ? DONE[done as Done] : null;
}
