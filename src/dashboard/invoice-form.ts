// Reads the form of an invoice by the rules of the API, and writes one from an invoice. A line that is left empty is
// none. Pure.

import type * as z from "zod";
import { validationFailed } from "../http/router.ts";
import type { createInvoiceBody } from "../invoices/request-schema.ts";
import type { InvoiceRow } from "../ledger/invoices/read-invoices.ts";
import { invalid, refuse } from "../platform/app-error.ts";
import { isoTime } from "../platform/iso-time.ts";
import { formatDecimal, parseDecimal } from "../platform/money.ts";
import { dayAfter, dayOf, momentOn } from "../platform/time-zone.ts";

export type LineFields = { description: string; quantity: string; price: string };
/** As it was typed. */
export type InvoiceFields = {
  customer: string;
  number: string;
  currency: string;
  lines: LineFields[];
  due: string;
  memo: string;
  /** Empty: as the settings say. */
  mail: string;
};

const MOST_LINES = 500;
const SPARE_LINES = 3;

export function emptyInvoice(customer: string, currency: string): InvoiceFields {
  return { customer, number: "", currency, lines: [], due: "", memo: "", mail: "" };
}

export function fieldsOfForm(form: URLSearchParams): InvoiceFields {
  const field = (name: string) => (form.get(name) ?? "").trim();
  const lines: LineFields[] = [];
  for (let at = 0; at < MOST_LINES && form.has(`description-${at}`); at++) {
    const line = {
      description: field(`description-${at}`),
      quantity: field(`quantity-${at}`),
      price: field(`price-${at}`),
    };
    if (line.description !== "" || line.price !== "") lines.push(line);
  }
  const { customer, number, currency, due, memo, mail } = {
    ...{ customer: field("customer"), number: field("number"), currency: field("currency").toUpperCase() },
    ...{ due: field("due"), memo: field("memo"), mail: field("mail") },
  };
  return { customer, number, currency, lines, due, memo, mail };
}

/** @param customer what names it in the form */
export function fieldsOfInvoice(invoice: InvoiceRow, customer: string, timeZone: string): InvoiceFields {
  return {
    customer,
    number: invoice.number,
    currency: invoice.currency,
    lines: invoice.lines.map(({ description, quantity, unitAmountMinor }) => ({
      description,
      quantity: String(quantity),
      price: formatDecimal(unitAmountMinor, invoice.currency),
    })),
    due: invoice.dueAtMs === null ? "" : dayOf(invoice.dueAtMs, timeZone),
    memo: invoice.memo ?? "",
    mail: invoice.sendEmail ? "yes" : "no",
  };
}

/** What the API calls the fields that the form shows. */
export function fieldPaths({ lines }: InvoiceFields): string[] {
  const parts = ["description", "quantity", "unit_amount"];
  const ofLines = lines.flatMap((_, at) => parts.map((part) => `lines[${at}].${part}`));
  return ["customer_id", "number", "currency", "due_at", "memo", "send_email", ...ofLines];
}

/** The rows to be shown: what there is, and some to go on with. */
export function shownLines(lines: readonly LineFields[], more: number = SPARE_LINES): LineFields[] {
  const spare = Array.from({ length: more }, () => ({ description: "", quantity: "", price: "" }));
  return [...lines, ...spare].slice(0, MOST_LINES);
}

/**
 * The lines as the API takes them.
 * @throws AppError `validation_failed` naming the line whose price is no amount
 */
export function linesBody({ lines, currency }: InvoiceFields) {
  const read = lines.map(({ description, quantity, price }) => ({
    description,
    quantity: quantity === "" ? 1 : Number(quantity),
    price: parseDecimal(price, currency),
  }));
  refuse(
    read.flatMap(({ price }, at) =>
      price.ok ? [] : [{ path: `lines[${at}].unit_amount`, message: price.detail }],
    ),
  );
  return read.flatMap(({ description, quantity, price }) =>
    price.ok ? [{ description, quantity, unit_amount: price.amountMinor }] : [],
  );
}

/**
 * The end of a day there, as RFC 3339; undefined where it is the present one's, which may have an hour of its own.
 * @throws AppError `validation_failed`
 */
export function dueBody(day: string, presentMs: number | null, timeZone: string): string | null | undefined {
  if (day === (presentMs === null ? "" : dayOf(presentMs, timeZone))) return undefined;
  if (day === "") return null;
  if (!/^\d{4}-\d\d-\d\d$/.test(day) || Number.isNaN(Date.parse(day)))
    throw invalid("due_at", "Give a day such as 2026-12-01.");
  return isoTime(momentOn(dayAfter(day, 1), 0, timeZone) - 1000);
}

/** @throws AppError `validation_failed` */
export function parseBody<S extends z.ZodType>(schema: S, body: z.input<S>): z.output<S> {
  const parsed = schema.safeParse(body);
  if (!parsed.success) throw validationFailed(parsed.error.issues);
  return parsed.data;
}

const MAIL = { yes: true, no: false } as const;

/** What of the form is the same in making a draft and in changing one. */
export function draftBody(fields: InvoiceFields): Partial<z.input<typeof createInvoiceBody>> & {
  lines: ReturnType<typeof linesBody>;
} {
  return {
    ...(fields.number === "" ? {} : { number: fields.number }),
    currency: fields.currency,
    lines: linesBody(fields),
    ...(fields.mail === "yes" || fields.mail === "no" ? { send_email: MAIL[fields.mail] } : {}),
  };
}
