// Why an account was not connected, in the words of the page that says so. Pure.

export const CONNECT_REFUSALS = {
  state_missing: {
    status: 400,
    heading: "This address is not complete",
    text: "It has no state, so it does not come from a connection that was begun here. Begin again from where you came.",
  },
  state_unknown: {
    status: 404,
    heading: "This connection was not begun here",
    text: "Nothing is known of it: it was begun elsewhere, or more than a day ago. Begin again from where you came.",
  },
  state_expired: {
    status: 410,
    heading: "This took longer than ten minutes",
    text: "For safety a connection has to be finished within ten minutes. Nothing was connected: begin again.",
  },
  state_used: {
    status: 409,
    heading: "This was finished before",
    text: "An answer of Stripe's is taken once. If the account does not show as connected, begin again.",
  },
  other_browser: {
    status: 403,
    heading: "Finish it in the browser where you began",
    text: "This connection was begun in another browser, and only that one can finish it. Nothing was connected.",
  },
  key_revoked: {
    status: 403,
    heading: "Who began this may not finish it any more",
    text: "The key that began it was revoked or has expired, or its environment is gone. Nothing was connected.",
  },
  denied: {
    status: 200,
    heading: "The account was not connected",
    text: "You did not give access at Stripe. Nothing was changed there or here.",
  },
  stripe_error: {
    status: 400,
    heading: "Stripe did not go on",
    text: "Stripe sent an error instead of access to the account. Nothing was connected.",
  },
  not_configured: {
    status: 503,
    heading: "Stripe Connect is switched off here",
    text: "Its settings were taken away since this was begun. Nothing was connected: ask who runs this service.",
  },
  connection_exists: {
    status: 409,
    heading: "There is a connection already",
    text: "This environment is connected to a Stripe account. Disconnect that one first, then begin again.",
  },
  code_refused: {
    status: 400,
    heading: "Stripe did not take the answer",
    text: "The code that Stripe gave was used before or is older than five minutes. Nothing was connected: begin again.",
  },
  stripe_unavailable: {
    status: 502,
    heading: "Stripe did not answer",
    text: "Whether Stripe has given access is not known, and nothing was connected here. Begin again in a moment.",
  },
  wrong_mode: {
    status: 422,
    heading: "The account was connected in the other mode",
    text: "Stripe gave access in another mode, test or live, than this environment's. It was given back: nothing is connected.",
  },
  wrong_scope: {
    status: 422,
    heading: "The access is too small",
    text: "Stripe gave access for reading alone, by which no payment can be taken. It was given back: nothing is connected.",
  },
  account_taken: {
    status: 409,
    heading: "This account is connected elsewhere",
    text: "Another environment of this service is connected to the same Stripe account in this mode. Disconnect it there first, or choose another account.",
  },
} as const satisfies Record<string, { status: number; heading: string; text: string }>;

export type ConnectRefusal = keyof typeof CONNECT_REFUSALS;
