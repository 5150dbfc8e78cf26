// A sandbox and someone who browses it: what the tests of the hosted pages begin with.

import Stripe from "stripe";
import { createSandbox } from "./sandbox.ts";

export const ORIGIN = "http://sandbox.test";
/** A form that is paid. */
export const GOOD = {
  method: "card",
  email: "ada@example.com",
  card_number: "4242 4242 4242 4242",
  card_expiry: "12 / 40",
  card_cvc: "123",
  name: "Ada Lovelace",
};

/**
 * A sandbox, Stripe's own library on it, and `open`, which asks for a page as a browser does.
 * @param apiKey says the mode
 */
export function setUpBrowsing(apiKey = "sk_test_alpha_1") {
  const sandbox = createSandbox({
    now: Date.now,
    origin: ORIGIN,
    autoRun: false,
    send: async () => ({ status: 200 }),
  });
  const stripe = new Stripe(apiKey, {
    httpClient: Stripe.createFetchHttpClient((url: RequestInfo | URL, init?: RequestInit) =>
      sandbox.fetch(new Request(url, init)),
    ),
    host: "sandbox.test",
    protocol: "http",
    maxNetworkRetries: 0,
  });
  async function open(url: string, form?: Record<string, string>) {
    const request = new Request(new URL(url, ORIGIN), {
      redirect: "manual",
      ...(form && { method: "POST", body: new URLSearchParams(form) }),
    });
    const response = await sandbox.fetch(request);
    return {
      status: response.status,
      location: response.headers.get("location") ?? "",
      headers: response.headers,
      html: await response.text(),
    };
  }
  return { sandbox, stripe, open };
}

type Setup = ReturnType<typeof setUpBrowsing>;

export function makeLink(
  { stripe }: Setup,
  more: Partial<Stripe.PaymentLinkCreateParams> = {},
  price: { currency?: string; unit_amount?: number; name?: string } = {},
): Promise<Stripe.PaymentLink> {
  const price_data = {
    currency: price.currency ?? "eur",
    unit_amount: price.unit_amount ?? 12_900,
    product_data: { name: price.name ?? "Pro plan" },
  };
  return stripe.paymentLinks.create({ line_items: [{ price_data, quantity: 1 }], ...more });
}

/** Follows a link to the page of its session. */
export async function openLink(setup: Setup, link: Stripe.PaymentLink, query = ""): Promise<string> {
  const { status, location } = await setup.open(`${link.url}${query}`);
  if (status !== 303) throw new Error(`the link answered ${status}`);
  return location;
}
