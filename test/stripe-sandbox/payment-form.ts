// Reads what a payer typed and says, field by field, what is wrong with it. The number is not checked
// for being a real card's: which test cards exist is decided where the payment is made.

import type { Payer } from "./types.ts";

export type PaymentForm = {
  method: "card" | "bank_debit_success" | "bank_debit_failure";
  email: string;
  number: string;
  expiry: string;
  name: string;
  promotionCode: string;
};

export type FieldErrors = Partial<Record<"email" | "number" | "expiry" | "cvc" | "name", string>>;

export const EMPTY_FORM: PaymentForm = {
  method: "card",
  email: "",
  number: "",
  expiry: "",
  name: "",
  promotionCode: "",
};

/**
 * `lockedEmail` is the address that the session already knows: the field is not shown then. Gives the
 * payer, or the errors by field; `form` is what may be shown again, so the CVC is never in it.
 */
export function readPaymentForm(
  data: URLSearchParams,
  lockedEmail: string | null,
  nowMs: number,
): { form: PaymentForm; errors: FieldErrors; payer: Payer | null } {
  const text = (name: string) => (data.get(name) ?? "").trim();
  const method = text("method");
  const form: PaymentForm = {
    method: method === "bank_debit_success" || method === "bank_debit_failure" ? method : "card",
    email: lockedEmail ?? text("email"),
    number: text("card_number"),
    expiry: text("card_expiry"),
    name: text("name"),
    promotionCode: text("promotion_code"),
  };
  const errors: FieldErrors = {};
  if (!/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(form.email)) {
    errors.email = form.email === "" ? "Enter your email address." : "Your email address is incomplete.";
  }
  if (form.method === "card") Object.assign(errors, cardErrors(form, text("card_cvc"), nowMs));
  if (form.name === "") errors.name = "Enter your name.";
  if (Object.keys(errors).length > 0) return { form, errors, payer: null };
  const card = form.method === "card" ? form.number.replaceAll(/\D/g, "") : form.method;
  const typed = form.promotionCode === "" ? {} : { promotionCode: form.promotionCode };
  return { form, errors, payer: { card, email: form.email, name: form.name, ...typed } };
}

function cardErrors(form: PaymentForm, cvc: string, nowMs: number): FieldErrors {
  const errors: FieldErrors = {};
  if (!/^\d{13,19}$/.test(form.number.replaceAll(/[\s-]/g, ""))) {
    errors.number = form.number === "" ? "Enter your card number." : "Your card number is incomplete.";
  }
  const expiry = expiryError(form.expiry, nowMs);
  if (expiry) errors.expiry = expiry;
  if (!/^\d{3,4}$/.test(cvc)) {
    errors.cvc =
      cvc === "" ? "Enter the security code of your card." : "Your card's security code is incomplete.";
  }
  return errors;
}

function expiryError(expiry: string, nowMs: number): string | null {
  if (expiry === "") return "Enter when your card expires, as MM / YY.";
  const match = /^(\d{1,2})\s*\/?\s*(\d{2}|\d{4})$/.exec(expiry);
  const month = Number(match?.[1]);
  if (!match || month < 1 || month > 12) return "Your card's expiration date is invalid: write MM / YY.";
  const year = Number(match[2]) % 100 === Number(match[2]) ? 2000 + Number(match[2]) : Number(match[2]);
  // A card is good until the last moment of its month.
  return Date.UTC(year, month, 1) <= nowMs ? "Your card's expiration date is in the past." : null;
}
