// One JSON line a log entry, with the request's id and scope on each. Callers pass ids, codes and
// numbers: never a secret, a payload or a customer's data.

import { cutText } from "./text.ts";

export type LogFields = Record<string, string | number | boolean | null | undefined>;

export type Logger = {
  info: (message: string, fields?: LogFields) => void;
  warn: (message: string, fields?: LogFields) => void;
  error: (message: string, fields?: LogFields) => void;
  /** A logger whose entries carry these fields as well. */
  with: (fields: LogFields) => Logger;
};

// Values that look like a secret are masked even where a caller was careless, e.g. with Stripe's own
// error text, which can repeat a key.
const SECRET = /\b((?:sk|rk)_(?:test|live)_|whsec_|qt_)[A-Za-z0-9_+/=-]+/g;

/** Masks anything that looks like one of the secrets we hold. */
export function maskSecrets(text: string): string {
  return text.replace(SECRET, "$1…");
}

/** @param base fields on every entry, such as `request_id` */
export function createLogger(base: LogFields): Logger {
  const write = (level: "info" | "warn" | "error", message: string, fields: LogFields = {}) => {
    const line = maskSecrets(JSON.stringify({ level, message, ...base, ...fields }));
    console[level === "info" ? "log" : level](line);
  };
  return {
    info: (message, fields) => write("info", message, fields),
    warn: (message, fields) => write("warn", message, fields),
    error: (message, fields) => write("error", message, fields),
    with: (fields) => createLogger({ ...base, ...fields }),
  };
}

/** The words of an unknown error for a log or a stored reason: its message, masked and cut to 500 characters. */
export function errorText(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return cutText(maskSecrets(text), 500);
}

/** The words of what lay at the bottom of an error, or null where it had no cause. */
export function causeText(error: unknown): string | null {
  if (!(error instanceof Error) || error.cause === undefined) return null;
  return causeText(error.cause) ?? errorText(error.cause);
}
