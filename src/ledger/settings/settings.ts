// The options of the environment: only what differs from the defaults, under the names that the API gives them.

import { originSettingsErrors } from "../../platform/allowed-origins.ts";
import { refuse } from "../../platform/app-error.ts";
import {
  DEFAULT_SETTINGS,
  type EnvironmentSettings,
  readStored,
} from "../../platform/environment-settings.ts";
import type { AuditDetail, AuditValue } from "../../platform/tables/calls.ts";
import { objectOrEmpty, readJson } from "../../platform/tables/json-column.ts";
import { writeAudit } from "../audit.ts";
import type { Book } from "../book.ts";

export type StoredSettings = { settings: Record<string, unknown>; updatedAtMs: number };
/** With what was changed, by name. */
export type ChangedSettings = StoredSettings & { changes: AuditDetail };

/** With the defaults for what was not changed. */
export function presentSettings(book: Book): EnvironmentSettings {
  return readStored(readSettings(book, {}).settings);
}

export function readSettings(book: Book, _input: Record<never, never>): StoredSettings {
  const row = book.sql.first<{ settings: string; settings_updated_at_ms: number }>(
    "SELECT settings, settings_updated_at_ms FROM environment",
  );
  const settings = readJson(row?.settings ?? null, objectOrEmpty<Record<string, unknown>>());
  return { settings, updatedAtMs: row?.settings_updated_at_ms ?? 0 };
}

// What is planned of open invoices is planned anew then, by the alarm.
const DECIDE_DUE_DATES: ReadonlySet<string> = new Set(["reminders", "time_zone"]);

/**
 * Changes what is named and nothing else, also within an option of several parts; null is the default again.
 * @throws AppError `validation_failed` where what is changed does not go with the rest
 */
export function changeSettings(book: Book, change: Record<string, unknown>): ChangedSettings {
  const named = Object.entries(change).filter(([, value]) => value !== undefined);
  if (named.length === 0) return { ...readSettings(book, {}), changes: {} };
  const known = readSettings(book, {}).settings;
  const merged = {
    ...known,
    ...Object.fromEntries(named.map(([name, value]) => [name, withParts(name, known[name], value)])),
  };
  const settings = Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== null));
  refuse(originSettingsErrors(readStored(settings), book.livemode));
  book.sql.run(
    "UPDATE environment SET settings = ?, settings_updated_at_ms = ?",
    JSON.stringify(settings),
    book.nowMs,
  );
  if (named.some(([name]) => DECIDE_DUE_DATES.has(name))) {
    book.sql.run("UPDATE environment SET planned_up_to = ''");
    book.wake(book.nowMs);
  }
  writeAudit(book, {
    action: "settings.updated",
    object: "settings",
    objectId: book.scope.environmentId,
    detail: { changed: named.map(([name]) => name).join(", ") },
  });
  const changes = changesOf(
    named.map(([name]) => name),
    readStored(known),
    readStored(settings),
  );
  return { settings, updatedAtMs: book.nowMs, changes };
}

/** What is of several parts is told as JSON. */
function changesOf(
  names: readonly string[],
  before: EnvironmentSettings,
  after: EnvironmentSettings,
): AuditDetail {
  const textOf = (settings: EnvironmentSettings, name: string): AuditValue => {
    const value: unknown = Object.entries(settings).find(([one]) => one === name)?.[1] ?? null;
    return typeof value === "object" && value !== null ? JSON.stringify(value) : (value as AuditValue);
  };
  return Object.fromEntries(
    names
      .map((name) => [name, { from: textOf(before, name), to: textOf(after, name) }] as const)
      .filter(([, { from, to }]) => from !== to),
  );
}

/** An option of several parts is stored whole. */
function withParts(name: string, known: unknown, given: unknown): unknown {
  if (!isRecord(given)) return given;
  const defaults: unknown = Object.entries(DEFAULT_SETTINGS).find(([one]) => one === name)?.[1];
  return { ...(isRecord(defaults) && defaults), ...(isRecord(known) && known), ...given };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
