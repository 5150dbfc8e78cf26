// Whether Stripe could charge an invoice, decided when it is made and not weeks later when the customer
// wants to pay. Pure: every failing place is named, with the rule.

import type { FieldError } from "../../platform/app-error.ts";
import { checkChargeable, isSupportedCurrency } from "../../platform/money.ts";
import { MOST_AMOUNT_MINOR } from "../../platform/stripe-limits.ts";
import type { InvoiceLine } from "../../platform/tables/invoices.ts";
import { invoiceTotal, isSummedUp } from "./invoice-state.ts";

// The rules of checkChargeable that hold for each price on a link; the limits are the sum's alone.
const RULES_OF_A_PRICE: ReadonlySet<string> = new Set(["last_digit_not_zero", "decimals_not_zero"]);

/** @param currency upper case */
export function amountErrors(currency: string, lines: readonly InvoiceLine[]): FieldError[] {
  if (!isSupportedCurrency(currency)) {
    const message = `Stripe does not charge in '${currency}'. Give one of its currencies, such as EUR.`;
    return [{ path: "currency", message }];
  }
  const total = invoiceTotal(lines);
  const ofLines = lines.flatMap((line, index) => lineErrors(currency, line, index, isSummedUp(lines)));
  if (ofLines.length > 0) return ofLines;
  // Nothing is charged then: it is paid once it is finalised.
  if (total === 0) return [];
  const chargeable = checkChargeable(total, currency);
  return chargeable.ok ? [] : [{ path: "lines", message: `The invoice's sum: ${chargeable.detail}` }];
}

function lineErrors(currency: string, line: InvoiceLine, index: number, summedUp: boolean): FieldError[] {
  const path = `lines[${index}].unit_amount`;
  if (Math.abs(line.quantity * line.unitAmountMinor) > MOST_AMOUNT_MINOR) {
    return [{ path, message: "Times its quantity it has more than the twelve digits of an amount." }];
  }
  if (summedUp || line.unitAmountMinor <= 0) return [];
  const chargeable = checkChargeable(line.unitAmountMinor, currency);
  if (chargeable.ok || !RULES_OF_A_PRICE.has(chargeable.rule)) return [];
  return [{ path, message: chargeable.detail }];
}
