// What of a session's parameters goes together: which belong to which mode, and which need a customer.

import type Stripe from "stripe";
import { SESSION_SECONDS } from "../../../src/platform/stripe-limits.ts";
import { invalidRequest, missingParameter } from "../errors.ts";
import type { SessionParameters } from "./session-create.ts";

/** Throws 400. @param now seconds */
export function checkParameters(params: SessionParameters, now: number): void {
  const { mode } = params;
  if (mode !== "setup" && !params.line_items) throw missingParameter("line_items");
  for (const [name, modes] of Object.entries(MODES_OF) as [keyof SessionParameters, string[]][])
    if (params[name] !== undefined && !modes.includes(mode)) throw notInMode(name, mode);
  // stripe 23.1: "Required in `setup` mode when `allowed_payment_method_types` is not set".
  if (mode === "setup" && params.currency === undefined) throw missingParameter("currency");
  if (params.success_url === undefined) throw missingParameter("success_url");
  // https://github.com/stripe/stripe-node/issues/2248; also where the first one is false
  // (https://github.com/laravel/cashier-stripe/issues/1163).
  if (params.allow_promotion_codes !== undefined && params.discounts !== undefined) {
    const message = "You may only specify one of these parameters: allow_promotion_codes, discounts.";
    throw invalidRequest(message, { param: "allow_promotion_codes" });
  }
  checkExpiry(params.expires_at, now);
}

const SELLING = ["payment", "subscription"];
const MODES_OF: Partial<Record<keyof SessionParameters, string[]>> = {
  // https://github.com/invertase/stripe-firebase-extensions/issues/519
  allow_promotion_codes: SELLING,
  automatic_tax: SELLING,
  discounts: SELLING,
  invoice_creation: ["payment"],
  line_items: SELLING,
  payment_intent_data: ["payment"],
  setup_intent_data: ["setup"],
  subscription_data: ["subscription"],
  tax_id_collection: SELLING,
};

/** Throws 400. @param customer the one that the session is for */
export function checkCustomer(params: SessionParameters, customer: Stripe.Customer | null): void {
  if (params.customer !== undefined && params.customer_email !== undefined) {
    throw invalidRequest("You may only specify one of these parameters: customer, customer_email.");
  }
  const update = params.customer_update;
  if (customer === null) {
    const message = "`customer_update` can only be used with `customer`.";
    if (update !== undefined) throw invalidRequest(message, { param: "customer_update" });
    return;
  }
  // https://github.com/laravel/cashier-stripe/issues/1585
  if (params.tax_id_collection?.enabled && update?.name !== "auto") {
    throw invalidRequest(
      "Tax ID collection requires updating business name on the customer. To enable tax ID collection for an " +
        "existing customer, please set `customer_update[name]` to `auto`.",
    );
  }
  // https://github.com/raystack/frontier/pull/565
  const isLocated = customer.address?.country || update?.address === "auto" || update?.shipping === "auto";
  if (params.automatic_tax?.enabled && !isLocated) {
    throw invalidRequest(
      "Automatic tax calculation in Checkout requires a valid address on the Customer. Add a valid address to the " +
        "Customer or set either `customer_update[address]` to 'auto' or `customer_update[shipping]` to 'auto' to " +
        "save the address entered in Checkout to the Customer.",
      { code: "customer_tax_location_invalid" },
    );
  }
}

function checkExpiry(expiresAt: number | undefined, now: number): void {
  if (expiresAt === undefined) return;
  const say = (limit: string) =>
    invalidRequest(`The \`expires_at\` timestamp must be ${limit} from Checkout Session creation.`, {
      param: "expires_at",
    });
  if (expiresAt < now + SESSION_SECONDS.least) throw say("at least 30 minutes");
  if (expiresAt > now + SESSION_SECONDS.most) throw say("less than 24 hours");
}

function notInMode(param: string, mode: string) {
  return invalidRequest(`You can not pass \`${param}\` in \`${mode}\` mode.`, { param });
}
