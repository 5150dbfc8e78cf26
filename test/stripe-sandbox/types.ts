// The shapes that the parts of the Stripe sandbox share. The world is plain JSON, so that it can be
// saved between runs of the demo and looked at in a test; everything with behaviour lives outside it.

import type Stripe from "stripe";

/** Who is calling: the account behind the key, its mode, and what a restricted key may not do. */
export type Caller = {
  accountId: string;
  livemode: boolean;
  apiKey: string;
  /** Permission names as Stripe words them, e.g. `payment_link_write`; empty for an unrestricted key. */
  missingPermissions: readonly string[];
  /** The Stripe-Version header, or the account's default. */
  apiVersion: string;
};

/** A webhook endpoint as the sandbox keeps it: Stripe's object plus what Stripe never shows again. */
export type EndpointRecord = {
  /** It is sent thin events; left out: snapshots. */
  payload?: "thin";
  endpoint: Stripe.WebhookEndpoint;
  /** Newest first; more than one while a secret is being rolled (both sign until `expiresAtMs`). */
  secrets: { value: string; expiresAtMs: number | null }[];
};

/** One try, or planned try, to deliver one event to one endpoint. */
export type DeliveryRecord = {
  id: string;
  eventId: string;
  endpointId: string;
  attempts: number;
  status: "pending" | "delivered" | "failed" | "withheld";
  lastStatusCode: number | null;
  nextAttemptAtMs: number | null;
};

/** What a session puts on the intent or the subscription that it makes. */
export type SessionIntentData = {
  metadata: Stripe.Metadata;
  description: string | null;
  statement_descriptor: string | null;
  statement_descriptor_suffix: string | null;
  receipt_email: string | null;
  setup_future_usage: string | null;
  /** A subscription's first days, which cost nothing. */
  trial_period_days?: number;
};

/** Everything one Stripe account holds, by id. All values are Stripe's own object types. */
export type AccountWorld = {
  account: Stripe.Account;
  customers: Record<string, Stripe.Customer>;
  /** A deleted customer can still be retrieved, as a stub that says so. */
  deletedCustomers: string[];
  products: Record<string, Stripe.Product>;
  prices: Record<string, Stripe.Price>;
  coupons: Record<string, Stripe.Coupon>;
  promotionCodes: Record<string, Stripe.PromotionCode>;
  paymentLinks: Record<string, Stripe.PaymentLink>;
  paymentLinkLineItems: Record<string, Stripe.LineItem[]>;
  sessions: Record<string, Stripe.Checkout.Session>;
  sessionLineItems: Record<string, Stripe.LineItem[]>;
  /** What the caller asked to be put on the intent or subscription when a link or session completes. */
  sessionIntentData: Record<string, SessionIntentData>;
  /** Session -> its payment intent: a session in subscription mode does not name it. */
  sessionIntents: Record<string, string>;
  paymentIntents: Record<string, Stripe.PaymentIntent>;
  setupIntents: Record<string, Stripe.SetupIntent>;
  charges: Record<string, Stripe.Charge>;
  refunds: Record<string, Stripe.Refund>;
  disputes: Record<string, Stripe.Dispute>;
  subscriptions: Record<string, Stripe.Subscription>;
  invoices: Record<string, Stripe.Invoice>;
  invoicePayments: Record<string, Stripe.InvoicePayment>;
  balanceTransactions: Record<string, Stripe.BalanceTransaction>;
  paymentMethods: Record<string, Stripe.PaymentMethod>;
  /** Stripe makes portal sessions once somebody has saved the portal's options. */
  isPortalSaved: boolean;
  portalSessions: Record<string, Stripe.BillingPortal.Session>;
  events: Record<string, Stripe.Event>;
  /** Event ids in the order in which they happened. */
  eventOrder: string[];
  endpoints: Record<string, EndpointRecord>;
  deliveries: Record<string, DeliveryRecord>;
};

export type IdempotentAnswer = {
  accountId: string;
  key: string;
  /** Method, path and parameters, canonical: what must be equal for a replay. */
  fingerprint: string;
  status: number;
  body: string;
  /** Of the first request: a replay names it as the original. */
  requestId: string;
  createdAtMs: number;
};

/** A thing that will happen later: a bank debit that clears, a webhook retry, a session that expires. */
export type ScheduledTask = {
  id: string;
  dueAtMs: number;
  accountId: string;
  kind: "deliver" | "settle_bank_debit" | "expire_session" | "settle_refund" | "subscription_step";
  /** Kind-specific, plain JSON. */
  data: Record<string, string | number | boolean | null>;
};

/** What an authorization code or a refresh token stands for; a refresh token does not expire. */
export type OauthCode = { accountId: string; clientId: string; scope: string; expiresAtMs: number | null };

export type World = {
  accounts: Record<string, AccountWorld>;
  idempotency: Record<string, IdempotentAnswer>;
  revokedKeys: string[];
  /** What a restricted key was given since it was made, though its name says that it lacks it. */
  grantedPermissions: Record<string, string[]>;
  /** OAuth: authorisation code -> the account that granted it. */
  oauthCodes: Record<string, OauthCode>;
  /** OAuth: account -> the platform's account that it is connected to. */
  oauthGrants: Record<string, string>;
  /** OAuth: access token -> the account that it acts on. */
  oauthTokens: Record<string, string>;
  tasks: ScheduledTask[];
  faults: Fault[];
  deliveryPolicy: DeliveryPolicy;
};

/** The next `times` calls that match misbehave. */
export type Fault = {
  method?: string;
  /** A prefix of the path, e.g. `/v1/payment_links`. */
  path?: string;
  times: number;
  /**
   * `rate_limit` 429, `invalid_request` 400, `unauthorized` 401, `server_error` 500, `timeout` never answers, `cut_before` drops the connection
   * before anything is done, `cut_after` executes (and keeps the idempotent answer) and then drops it.
   */
  kind:
    | "rate_limit"
    | "invalid_request"
    | "unauthorized"
    | "server_error"
    | "timeout"
    | "cut_before"
    | "cut_after";
  /** Of calls with this key alone. */
  key?: string;
  retryAfterSeconds?: number;
  /** What Stripe says of it, in place of the usual words: of a 400 and a 401. */
  message?: string;
};

export type DeliveryPolicy = {
  /** Nothing is sent; events still happen and can be listed. */
  withhold: boolean;
  /** Each delivery is sent this many times. */
  copies: number;
  /** Events of one moment are sent in random order. Default true: Stripe promises no order. */
  shuffle: boolean;
  delayMs: number;
};

/** How the sandbox reaches out: `send` posts a webhook. In tests it calls the Worker in process. */
export type SandboxOptions = {
  /** Milliseconds since the epoch. */
  now: () => number;
  /** The origin under which this sandbox is reached: hosted pages' URLs are made with it. */
  origin: string;
  send: (url: string, init: { headers: Record<string, string>; body: string }) => Promise<{ status: number }>;
  /** A saved world to go on with. */
  world?: World;
  /** Called after anything changed, so that a server can save the world. */
  onChange?: (world: World) => void;
  /**
   * `true`: due tasks run by themselves on a timer (the server). `false`: only `advance` and `settle`
   * run them, so a test decides when a webhook arrives.
   */
  autoRun: boolean;
  /** What passes after each failed delivery, ms, in place of Stripe's hours; the last repeats. */
  retryDelaysMs?: readonly number[];
  /** Lets webhook endpoints be on hosts that Stripe could not reach (loopback, private), also without TLS. */
  allowPrivateWebhookUrls?: boolean;
};

export type Sandbox = {
  /** Answers like Stripe (`/v1`, `/oauth`), the hosted pages (`/pay`, `/p`) and the control door (`/_sandbox`). */
  fetch: (request: Request) => Promise<Response>;
  world: World;
  /** The account behind a key such as `sk_test_alpha_1`, made on first use. */
  accountFor: (apiKey: string) => AccountWorld;
  /** Completes a link or session as a customer with this card would; the events follow. */
  pay: (
    accountId: string,
    target: { paymentLinkId?: string; sessionId?: string },
    payer: Payer,
  ) => Promise<PayResult>;
  /** The sandbox's clock plus what `advance` added. */
  now: () => number;
  /** Runs everything due, until nothing due is left. */
  settle: () => Promise<void>;
  /** Moves the sandbox's clock on and runs, in order, what falls due on the way. */
  advance: (ms: number) => Promise<void>;
  stop: () => void;
};

export type Payer = {
  /** Digits, spaces allowed; or `bank_debit_success` / `bank_debit_failure` for a debit that settles later. */
  card: string;
  email?: string;
  name?: string;
  /** For 4000 0027 6000 3184: what the customer answers on the 3-D Secure page. */
  approve3ds?: boolean;
  /** The code that the payer types, where the session takes one. */
  promotionCode?: string;
  /** What the payer makes of the quantities that may be changed. */
  quantity?: number;
};

export type PayResult =
  | { outcome: "succeeded" | "processing"; sessionId: string; paymentIntentId: string | null }
  | { outcome: "declined"; sessionId: string; code: string; declineCode: string | null; message: string }
  | { outcome: "requires_action"; sessionId: string; paymentIntentId: string };

/** Thrown by `fetch` where a real server would drop the connection; the Node server then destroys the socket. */
export class ConnectionCut extends Error {
  override name = "ConnectionCut";
}
