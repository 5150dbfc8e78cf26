// A column of JSON whose rows can always be read: what is stored and does not fit, written by another version or by
// hand, is read as far as it does.

import { customType } from "drizzle-orm/sqlite-core";
import * as z from "zod";
import { parseJson } from "../parse-json.ts";

/** @param fits never fails: each part that may be wrong has its `catch` */
export function jsonColumn<T>(name: string, fits: z.ZodType<T | null>) {
  return customType<{ data: T; driverData: string }>({
    dataType: () => "text",
    toDriver: (value) => JSON.stringify(value),
    fromDriver(text) {
      // The quoted name of a column that is not there is a text to SQLite
      // (https://www.sqlite.org/quirks.html#double_quoted_string_literals_are_accepted).
      if (text === name) throw new Error(`no such column: ${name}`);
      return readJson(text, fits) as T;
    },
  })(name);
}

/** The same where a statement is written as text. */
export function readJson<T>(text: string | null, fits: z.ZodType<T>): T {
  return fits.parse(parseJson(text));
}

/** Objects of a list; what is none is left out. */
export function listOfObjects<T>(item: z.ZodType<T>): z.ZodType<T[]> {
  return z
    .array(z.unknown())
    .catch([])
    .transform((list): unknown[] => list.filter((one) => typeof one === "object" && one !== null))
    .pipe(z.array(item));
}

export const texts: z.ZodType<string[]> = z
  .array(z.unknown())
  .catch([])
  .transform((list) => list.filter((one) => typeof one === "string"));

/** Metadata: what is no text is left out. */
export const textsByName: z.ZodType<Record<string, string>> = z
  .record(z.string(), z.unknown())
  .catch({})
  .transform((record) =>
    Object.fromEntries(
      Object.entries(record).filter((pair): pair is [string, string] => typeof pair[1] === "string"),
    ),
  );

export const orNull = {
  text: z.string().nullable().catch(null),
  number: z.number().nullable().catch(null),
};

/** An object that is kept as it was written; null for what is none. */
export function objectOrNull<T extends object>(): z.ZodType<T | null> {
  return z
    .custom<T>((value) => typeof value === "object" && value !== null && !Array.isArray(value))
    .nullable()
    .catch(null);
}

/** The same, and empty for what is none. */
export function objectOrEmpty<T extends object>(): z.ZodType<T> {
  return objectOrNull<T>().transform((value) => value ?? ({} as T));
}
