// The options of an environment as a form has them: read into the change that the API takes, of what is not as before.

import type * as z from "zod";
import { settingsBody } from "../directory/environment-settings-schema.ts";
import { validationFailed } from "../http/router.ts";
import { AppError } from "../platform/app-error.ts";
import type { EnvironmentSettings } from "../platform/environment-settings.ts";

export const CUSTOMER_FIELDS = ["name", "email", "phone", "address", "metadata"] as const;

/** As it was typed: a text for each field of the form. */
export type SettingsFields = Record<string, string>;

/** What the form shows of the present options. */
export function settingsFields(settings: EnvironmentSettings): SettingsFields {
  return {
    success_message: settings.success_message ?? "",
    success_redirect_url: settings.success_redirect_url ?? "",
    allowed_origins: (settings.allowed_origins ?? []).join("\n"),
    payment_method_types: (settings.payment_method_types ?? []).join(", "),
    allow_promotion_codes: ticked(settings.allow_promotion_codes),
    automatic_tax: ticked(settings.automatic_tax),
    tax_id_collection: ticked(settings.tax_id_collection),
    billing_address_collection: settings.billing_address_collection,
    customer_creation: settings.customer_creation,
    statement_descriptor: settings.statement_descriptor ?? "",
    locale: settings.locale ?? "",
    replace_switched_off_links: ticked(settings.replace_switched_off_links),
    link_customers_by_email: ticked(settings.link_customers_by_email),
    ...Object.fromEntries(
      CUSTOMER_FIELDS.map((field) => [`owner_${field}`, settings.customer_field_owner[field]]),
    ),
    time_zone: settings.time_zone,
    send_email: settings.send_email,
    before_days: settings.reminders.before_days.join(", "),
    after_days: settings.reminders.after_days.join(", "),
    send_receipts: ticked(settings.send_receipts),
    email_from_name: settings.email_from_name ?? "",
    email_reply_to: settings.email_reply_to ?? "",
  };
}

/** @param names the fields of the form: a box that is not ticked is not sent */
export function typedSettings(form: URLSearchParams, names: readonly string[]): SettingsFields {
  return Object.fromEntries(
    names.map((name) => [name, (form.get(name) ?? "").replaceAll("\r\n", "\n").trim()]),
  );
}

/**
 * What the form changes, by the rules of the API.
 * @throws AppError `validation_failed`, each error at the form's own field
 */
export function settingsChange(
  fields: SettingsFields,
  present: EnvironmentSettings,
): z.infer<typeof settingsBody> {
  const typed = toSettings(fields);
  const changed = Object.entries(typed).filter(
    ([name, value]) => JSON.stringify(value) !== JSON.stringify(present[name as keyof EnvironmentSettings]),
  );
  const parsed = settingsBody.safeParse(Object.fromEntries(changed));
  if (!parsed.success) throw atFields(validationFailed(parsed.error.issues));
  return parsed.data;
}

function toSettings(fields: SettingsFields) {
  const of = (name: string) => fields[name] ?? "";
  const orNull = (name: string) => of(name) || null;
  const isTicked = (name: string) => of(name) === "on";
  const listOrNull = (name: string) => (listOf(of(name)).length === 0 ? null : listOf(of(name)));
  return {
    success_message: orNull("success_message"),
    success_redirect_url: orNull("success_redirect_url"),
    allowed_origins: listOrNull("allowed_origins"),
    payment_method_types: listOrNull("payment_method_types"),
    allow_promotion_codes: isTicked("allow_promotion_codes"),
    automatic_tax: isTicked("automatic_tax"),
    tax_id_collection: isTicked("tax_id_collection"),
    billing_address_collection: of("billing_address_collection"),
    customer_creation: of("customer_creation"),
    statement_descriptor: orNull("statement_descriptor"),
    locale: orNull("locale"),
    replace_switched_off_links: isTicked("replace_switched_off_links"),
    link_customers_by_email: isTicked("link_customers_by_email"),
    customer_field_owner: Object.fromEntries(CUSTOMER_FIELDS.map((field) => [field, of(`owner_${field}`)])),
    time_zone: of("time_zone"),
    send_email: of("send_email"),
    reminders: { before_days: daysOf(of("before_days")), after_days: daysOf(of("after_days")) },
    send_receipts: isTicked("send_receipts"),
    email_from_name: orNull("email_from_name"),
    email_reply_to: orNull("email_reply_to"),
  };
}

/** The API's errors under the names that the form gives its fields. */
export function atFields(problem: AppError): AppError {
  const errors = problem.errors?.map(({ path, message }) => ({ path: fieldOf(path), message }));
  return new AppError(problem.code, { detail: problem.message, ...(errors && { errors }) });
}

function fieldOf(path: string): string {
  const [first = "", second = ""] = path.split(".");
  if (first === "reminders") return second;
  return first === "customer_field_owner" ? `owner_${second}` : (first.split("[")[0] ?? first);
}

function listOf(text: string): string[] {
  return text.split(/[\s,]+/).filter((part) => part !== "");
}

/** What is no number stays what it is, for the API to refuse. */
function daysOf(text: string): (number | string)[] {
  return listOf(text).map((day) => (/^\d{1,3}$/.test(day) ? Number(day) : day));
}

function ticked(value: boolean): string {
  return value ? "on" : "";
}
