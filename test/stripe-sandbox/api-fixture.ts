// A sandbox with a clock that a test moves, and the official `stripe` package on it: what the tests of the
// API begin with.

import Stripe from "stripe";
import { createSandbox } from "./sandbox.ts";
import type { SandboxOptions } from "./types.ts";

export const ORIGIN = "http://stripe.sandbox";
/** A payer whose card is good. */
export const GOOD = { card: "4242 4242 4242 4242", email: "ada@example.com", name: "Ada Lovelace" };
const NOON_MS = Date.UTC(2026, 10, 2, 12);

/** A sandbox in which nothing happens by itself; `sent` holds the events that were delivered. */
export function setUpApi(options: Partial<SandboxOptions> = {}) {
  const sent: Stripe.Event[] = [];
  const sandbox = createSandbox({
    now: () => NOON_MS,
    origin: ORIGIN,
    autoRun: false,
    send: async (_url, init) => {
      sent.push(JSON.parse(init.body));
      return { status: 200 };
    },
    ...options,
  });
  const http = Stripe.createFetchHttpClient((url: RequestInfo | URL, init?: RequestInit) =>
    sandbox.fetch(new Request(url, init)),
  );

  /** Stripe's package, with no retries of its own. */
  function stripeOf(key = "sk_test_alpha_1", config: ConstructorParameters<typeof Stripe>[1] = {}): Stripe {
    return new Stripe(key, {
      httpClient: http,
      host: "stripe.sandbox",
      protocol: "http",
      maxNetworkRetries: 0,
      ...config,
    });
  }

  /** A call as any client could make it, with the answer as it is. */
  async function call(path: string, init: RequestInit & { key?: string } = {}) {
    const headers = new Headers(init.headers);
    if (!headers.has("authorization"))
      headers.set("authorization", `Bearer ${init.key ?? "sk_test_alpha_1"}`);
    const response = await sandbox.fetch(new Request(`${ORIGIN}${path}`, { ...init, headers }));
    return { status: response.status, headers: response.headers, body: JSON.parse(await response.text()) };
  }

  /** The types of an account's events so far, in order. */
  function eventTypes(accountId = "acct_alpha"): string[] {
    const account = sandbox.world.accounts[accountId];
    return (account?.eventOrder ?? []).map((id) => account?.events[id]?.type ?? "");
  }

  return { sandbox, sent, stripe: stripeOf(), stripeOf, call, eventTypes };
}

export type ApiSetup = ReturnType<typeof setUpApi>;

/** A link of one item at 129.00 EUR, unless said otherwise. */
export function makeLink(
  { stripe }: Pick<ApiSetup, "stripe">,
  params: Partial<Stripe.PaymentLinkCreateParams> = {},
): Promise<Stripe.PaymentLink> {
  return stripe.paymentLinks.create({ line_items: [oneTime(12_900)], ...params });
}

/** `amount` in minor units. */
export function oneTime(amount: number, currency = "eur"): Stripe.PaymentLinkCreateParams.LineItem {
  return { price_data: { currency, unit_amount: amount, product_data: { name: "Invoice 42" } }, quantity: 1 };
}

export function monthly(amount: number): Stripe.PaymentLinkCreateParams.LineItem {
  const recurring = { interval: "month" as const };
  const product_data = { name: "Pro plan" };
  return { price_data: { currency: "eur", unit_amount: amount, product_data, recurring }, quantity: 1 };
}
