// The limits of every field that is passed on to Stripe.

import { type Doors, LINE, type Made, PRICE } from "./limit-doors.ts";

export type Edge = {
  path: string;
  /** 0 where nothing else is said. */
  least?: number;
  most: number;
  /** @param n so many: characters of a text, or things. @param text makes a text of so many characters */
  make: (doors: Doors, n: number, text: (n: number) => string) => Promise<Made>;
};

export const times = <T>(n: number, thing: T): T[] => Array.from({ length: n }, () => thing);
const keys = (n: number) => Object.fromEntries(times(n, 0).map((_, index) => [`key${index}`, "x"]));
const address = (n: number) => `https://a.example/${"a".repeat(n - 18)}`;
/** Labels of 49 characters. */
const domain = (n: number) =>
  times(n, 0)
    .map((_, index) => (index % 50 === 49 ? "." : "a"))
    .join("");
const product = (doors: Doors, fields: object) => {
  const price_data = { ...PRICE, product_data: { name: "Pro", ...fields } };
  return doors.session({ line_items: [{ quantity: 1, price_data }] });
};
const subscription = (doors: Doors, recurring: object, lines = 1, more: object = {}) => {
  const line_items = times(lines, { quantity: 1, price_data: { ...PRICE, recurring } });
  return doors.session({ mode: "subscription", line_items, ...more });
};
const adjustable = (doors: Doors, limits: object, quantity = 1) => {
  const price_data = { ...PRICE, unit_amount: 99 };
  const line = { price_data, quantity, adjustable_quantity: { enabled: true, ...limits } };
  return doors.session({ line_items: [line] });
};
const PRICE_PATH = "line_items[0].price_data";

export const CUSTOMER_EDGES: Record<string, Edge> = {
  "a customer's name": {
    ...{ path: "name", least: 1, most: 200 },
    make: (doors, n, text) => doors.customer({ name: text(n) }),
  },
  "a customer's phone": {
    ...{ path: "phone", most: 20 },
    make: (doors, n, text) => doors.customer({ phone: text(n) }),
  },
  "a customer's mail address": {
    ...{ path: "email", least: 9, most: 254 },
    make: (doors, n) => doors.customer({ email: `a&b@${domain(n - 8)}.com` }),
  },
  "what is before its @": {
    ...{ path: "email", least: 1, most: 64 },
    make: (doors, n) => doors.customer({ email: `${"a".repeat(n)}@example.com` }),
  },
  "a part of an address": {
    ...{ path: "address.line1", most: 200 },
    make: (doors, n, text) => doors.customer({ address: { line1: text(n) } }),
  },
  "a customer's metadata": {
    ...{ path: "metadata", most: 47 },
    make: (doors, n) => doors.customer({ metadata: keys(n) }),
  },
  "a value of a customer's metadata": {
    ...{ path: "metadata.key", most: 500 },
    make: (doors, n, text) => doors.customer({ metadata: { key: text(n) } }),
  },
};

export const INVOICE_EDGES: Record<string, Edge> = {
  "an invoice's number": {
    ...{ path: "number", least: 1, most: 100 },
    make: (doors, n, text) => doors.invoice({ number: text(n) }),
  },
  "an invoice's metadata": {
    ...{ path: "metadata", most: 45 },
    make: (doors, n) => doors.invoice({ metadata: keys(n) }),
  },
  "a value of an invoice's metadata": {
    ...{ path: "metadata.key", most: 500 },
    make: (doors, n, text) => doors.invoice({ metadata: { key: text(n) } }),
  },
  "a line's description": {
    ...{ path: "lines[0].description", least: 1, most: 1000 },
    make: (doors, n, text) => doors.invoice({ lines: [{ ...LINE, description: text(n) }] }),
  },
  "a line's quantity": {
    ...{ path: "lines[0].quantity", least: 1, most: 999_999 },
    make: (doors, quantity) => doors.invoice({ lines: [{ ...LINE, unit_amount: 99, quantity }] }),
  },
  "an invoice's lines": {
    ...{ path: "lines", least: 1, most: 500 },
    make: (doors, n) => doors.invoice({ lines: times(n, LINE) }),
  },
};

export const SESSION_EDGES: Record<string, Edge> = {
  "a product's name": {
    ...{ path: `${PRICE_PATH}.product_data.name`, least: 1, most: 250 },
    make: (doors, n, text) => product(doors, { name: text(n) }),
  },
  "a product's description": {
    ...{ path: `${PRICE_PATH}.product_data.description`, least: 1, most: 1000 },
    make: (doors, n, text) => product(doors, { description: text(n) }),
  },
  "a product's images": {
    ...{ path: `${PRICE_PATH}.product_data.images`, most: 8 },
    make: (doors, n) => product(doors, { images: times(n, "https://a.example/a.png") }),
  },
  "an image's address": {
    ...{ path: `${PRICE_PATH}.product_data.images[0]`, least: 18, most: 2048 },
    make: (doors, n) => product(doors, { images: [n < 18 ? "https://" : address(n)] }),
  },
  "a session's reference": {
    ...{ path: "client_reference_id", least: 1, most: 200 },
    make: (doors, n, text) => doors.session({ client_reference_id: text(n) }),
  },
  "where a payer goes": {
    ...{ path: "success_url", least: 18, most: 5000 },
    make: (doors, n) => doors.session({ success_url: n < 18 ? "https://" : address(n) }),
  },
  "where a payer goes back to": {
    ...{ path: "cancel_url", least: 18, most: 5000 },
    make: (doors, n) => doors.session({ cancel_url: n < 18 ? "https://" : address(n) }),
  },
  "a session's metadata": {
    ...{ path: "metadata", most: 45 },
    make: (doors, n) => doors.session({ metadata: keys(n) }),
  },
  "a session's lines": {
    ...{ path: "line_items", least: 1, most: 100 },
    make: (doors, n) => doors.session({ line_items: times(n, { price_data: PRICE, quantity: 1 }) }),
  },
  "lines that recur": {
    ...{ path: "line_items", least: 1, most: 20 },
    make: (doors, n) => subscription(doors, { interval: "month" }, n),
  },
  "the most that payers may choose": {
    ...{ path: "line_items[0].adjustable_quantity.maximum", least: 2, most: 999_999 },
    make: (doors, maximum) => adjustable(doors, { minimum: 0, maximum }),
  },
  "the least that payers must choose": {
    ...{ path: "line_items[0].adjustable_quantity.minimum", most: 999_999 },
    make: (doors, minimum) => adjustable(doors, { minimum, maximum: 999_999 }, Math.max(1, minimum)),
  },
  "the discounts of a session": {
    ...{ path: "discounts", least: 1, most: 1 },
    make: async (doors, n) => {
      await doors.coupon("limit");
      return doors.session({ discounts: times(n, { coupon: "limit" }) });
    },
  },
  "a payer's mail address": {
    ...{ path: "customer_email", least: 9, most: 254 },
    make: (doors, n) => doors.session({ customer_email: `a&b@${domain(n - 8)}.com` }),
  },
  "days of a trial": {
    ...{ path: "trial_days", least: 1, most: 730 },
    make: (doors, trial_days) => subscription(doors, { interval: "month" }, 1, { trial_days }),
  },
  "days between bills": every("day", 1095),
  "weeks between bills": every("week", 156),
  "months between bills": every("month", 36),
  "years between bills": every("year", 3),
};

export const SETTINGS_EDGES: Record<string, Edge> = {
  "what is said after a payment": {
    ...{ path: "success_message", least: 1, most: 400 },
    make: (doors, n, text) => doors.settings({ success_message: text(n), success_redirect_url: null }),
  },
  "where a link's payer goes": {
    ...{ path: "success_redirect_url", least: 18, most: 2048 },
    make: (doors, n) => doors.settings({ success_redirect_url: n < 18 ? "https://" : address(n) }),
  },
  "what a statement says": {
    ...{ path: "statement_descriptor", least: 5, most: 22 },
    make: (doors, n) => doors.settings({ statement_descriptor: "A".repeat(n) }),
  },
};

function every(interval: string, most: number): Edge {
  return {
    ...{ path: `${PRICE_PATH}.recurring.interval_count`, least: 1, most },
    make: (doors, interval_count) => subscription(doors, { interval, interval_count }),
  };
}
