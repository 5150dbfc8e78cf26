// Whether Stripe could take what a caller asks for, decided before Stripe is asked. Pure: every failing place
// is named, with what to send instead.

import type { FieldError } from "../platform/app-error.ts";
import { MOST } from "../platform/stripe-limits.ts";
import { urlProblem } from "../platform/url-problem.ts";
import { checkoutAmountErrors } from "./check-checkout-amounts.ts";
import { adjustableErrors, optionErrors } from "./check-checkout-options.ts";
import type { CheckoutLine, CheckoutMode, CheckoutSessionInput } from "./checkout-input.ts";
import { recurs } from "./price-names.ts";

/** @param livemode whether the environment is live */
export function checkoutErrors(input: CheckoutSessionInput, livemode: boolean): FieldError[] {
  return [
    ...urlErrors("success_url", input.successUrl, livemode),
    ...urlErrors("cancel_url", input.cancelUrl, livemode),
    ...modeErrors(input),
    ...optionErrors(input),
    ...metadataErrors(input.metadata),
    ...linesErrors(input),
  ];
}

/** Where a payer is sent. @param livemode whether the environment is live */
export function urlErrors(path: string, text: string, livemode: boolean): FieldError[] {
  const message = urlProblem(text, "loopback_too");
  if (message !== null) return [{ path, message }];
  if (!livemode || urlProblem(text, "https") === null) return [];
  return [{ path, message: "In a live environment it must begin with https://." }];
}

function modeErrors({ mode, trialDays, currency }: CheckoutSessionInput): FieldError[] {
  const errors: FieldError[] = [];
  if (trialDays !== undefined && mode !== "subscription") {
    const message = `A trial belongs to a subscription: leave trial_days out in mode ${mode}, or use mode subscription.`;
    errors.push({ path: "trial_days", message });
  }
  if (currency !== undefined && mode !== "setup") {
    const message = "The prices say the currency. Leave it out: it is for mode setup alone.";
    errors.push({ path: "currency", message });
  }
  return errors;
}

function metadataErrors(metadata: Record<string, string>): FieldError[] {
  if (!Object.hasOwn(metadata, "invoice_id")) return [];
  const message =
    "A payment with this key would be taken for that invoice's. Send the invoice's own payment link, or use another key.";
  return [{ path: "metadata.invoice_id", message }];
}

function linesErrors(input: CheckoutSessionInput): FieldError[] {
  const { mode, lines } = input;
  const path = "line_items";
  if (mode === "setup") {
    const message = "In mode setup nothing is sold: leave line_items out.";
    return lines === undefined ? [] : [{ path, message }];
  }
  if (lines === undefined || lines.length === 0) {
    return [{ path, message: `In mode ${mode} name at least one line item.` }];
  }
  const ofLines = lines.flatMap((line, index) => lineErrors(line, mode, `${path}[${index}]`));
  if (ofLines.length > 0) return ofLines;
  const ofAll = mode === "payment" ? paymentErrors(lines) : subscriptionErrors(lines);
  return ofAll.length > 0
    ? ofAll
    : checkoutAmountErrors(lines, {
        onTrial: mode === "subscription" && input.trialDays !== undefined,
        isDiscounted: input.discount !== undefined,
      });
}

function lineErrors(line: CheckoutLine, mode: CheckoutMode, path: string): FieldError[] {
  const { price, named, inlinePrice, quantity } = line;
  if ((price === undefined) === (inlinePrice === undefined)) {
    const message =
      "Give either price, the id of one at Stripe or its name here, or price_data, but not both.";
    return [{ path, message }];
  }
  const errors = adjustableErrors(line, path);
  if (named) return [...errors, ...namedErrors(named, quantity, mode, path)];
  if (!inlinePrice) return errors;
  // Only a metered price has none, and it is not made on the spot.
  if (quantity === undefined) errors.push({ path: `${path}.quantity`, message: "Say how many, from 1." });
  const { recurring } = inlinePrice;
  if (recurring && mode === "payment") {
    const message = "A price that recurs needs mode subscription. Leave recurring out to charge it once.";
    errors.push({ path: `${path}.price_data.recurring`, message });
  }
  if (recurring && recurring.intervalCount > MOST.intervals[recurring.interval]) {
    const most = MOST.intervals[recurring.interval];
    const message = `At most three years lie between two bills: send at most ${most} for interval ${recurring.interval}.`;
    errors.push({ path: `${path}.price_data.recurring.interval_count`, message });
  }
  return errors;
}

/** What Stripe would refuse is known beforehand of a price that has a name. */
function namedErrors(
  named: NonNullable<CheckoutLine["named"]>,
  quantity: number | undefined,
  mode: CheckoutMode,
  path: string,
): FieldError[] {
  const errors: FieldError[] = [];
  if (named.interval !== null && mode === "payment") {
    const message = `'${named.name}' is paid ${recurs(named)}: use mode subscription, or a price that is paid once.`;
    errors.push({ path: `${path}.price`, message });
  }
  if (named.isMetered && quantity !== undefined) {
    const message = `'${named.name}' is billed by what was used: leave the quantity out.`;
    errors.push({ path: `${path}.quantity`, message });
  }
  if (!named.isMetered && quantity === undefined)
    errors.push({ path: `${path}.quantity`, message: "Say how many, from 1." });
  return errors;
}

function paymentErrors(lines: readonly CheckoutLine[]): FieldError[] {
  if (lines.length <= MOST.sessionLines) return [];
  return [{ path: "line_items", message: `At most ${MOST.sessionLines} line items: sum some of them up.` }];
}

function subscriptionErrors(lines: readonly CheckoutLine[]): FieldError[] {
  const say = (message: string) => [{ path: "line_items", message }];
  const known = lines.flatMap(({ inlinePrice, named }) => {
    if (inlinePrice) return [inlinePrice.recurring !== undefined];
    return named ? [named.interval !== null] : [];
  });
  const recurring = known.filter((isRecurring) => isRecurring).length;
  const once = known.length - recurring;
  if (
    lines.length > 2 * MOST.sessionLinesOfAKind ||
    recurring > MOST.sessionLinesOfAKind ||
    once > MOST.sessionLinesOfAKind
  ) {
    return say(
      `In mode subscription there are at most ${MOST.sessionLinesOfAKind} line items that recur and ${MOST.sessionLinesOfAKind} that do not.`,
    );
  }
  // What a price at Stripe is that has no name here, only Stripe knows.
  if (recurring > 0 || known.length < lines.length) return [];
  return say(
    "In mode subscription at least one price recurs: add price_data.recurring, name a price that does, or use mode payment.",
  );
}
