// The names of prices: each stands for one price of Stripe's, until it is given another or taken away.

import { eq } from "drizzle-orm";
import { notFound } from "../../platform/app-error.ts";
import type { Stretch } from "../../platform/paging.ts";
import type { AuditDetail } from "../../platform/tables/calls.ts";
import { priceAliases } from "../../platform/tables/price-aliases.ts";
import { writeAudit } from "../audit.ts";
import type { Book } from "../book.ts";
import { requireRoom } from "../budgets/budgets.ts";
import { isIn, type Page, pageOfRows } from "../page.ts";
import { presentSettings } from "../settings/settings.ts";

export type PriceAliasRow = typeof priceAliases.$inferSelect;

/** What Stripe said of a price. */
export type NamedPrice = Omit<PriceAliasRow, "id" | "createdAtMs" | "updatedAtMs">;

// Enough to see what a wrong name may have meant.
const NAMES_TOLD = 20;

/** Gives a price a name, or a name another price. The same again changes nothing. */
export function setPriceAlias(
  book: Book,
  { name, price }: { name: string; price: NamedPrice },
): PriceAliasRow {
  const known = findPriceAlias(book, { id: name });
  if (known && isSamePrice(known, price)) return known;
  if (!known) requireRoom(book);
  const row = { id: name, ...price, createdAtMs: known?.createdAtMs ?? book.nowMs, updatedAtMs: book.nowMs };
  const { id, ...set } = row;
  if (known) book.db.update(priceAliases).set(set).where(eq(priceAliases.id, id)).run();
  else book.db.insert(priceAliases).values(row).run();
  const detail = known ? { price: { from: known.priceId, to: price.priceId } } : { price: price.priceId };
  note(book, name, known ? "changed" : "created", detail);
  return row;
}

/** @throws AppError `not_found` */
export function removePriceAlias(book: Book, { id }: { id: string }): void {
  const known = findPriceAlias(book, { id });
  if (!known) throw notFound("price alias", id);
  book.db.delete(priceAliases).where(eq(priceAliases.id, id)).run();
  note(book, id, "deleted", { price: known.priceId });
}

export function findPriceAlias(book: Book, { id }: { id: string }): PriceAliasRow | undefined {
  return book.db.select().from(priceAliases).where(eq(priceAliases.id, id)).get();
}

/** Newest first. */
export function listPriceAliases(book: Book, { page }: { page: Page }): Stretch<PriceAliasRow> {
  return pageOfRows(book, priceAliases, {}, page);
}

/** What a session's parameters are looked up and held to. */
export type CheckoutRules = {
  /** The prices of the names that were asked for. */
  found: PriceAliasRow[];
  /** Some of the names that there are. */
  known: string[];
  /** Where payers may be sent; null: anywhere. */
  allowedOrigins: string[] | null;
};

export function readCheckoutRules(
  book: Book,
  { names, makesSession = false }: { names: readonly string[]; makesSession?: boolean },
): CheckoutRules {
  // Before Stripe is asked: a session that could not be stored is not made.
  if (makesSession) requireRoom(book);
  const { allowed_origins: allowedOrigins } = presentSettings(book);
  if (names.length === 0) return { found: [], known: [], allowedOrigins };
  const found = book.db.select().from(priceAliases).where(isIn(priceAliases.id, names)).all();
  const known = book.sql.all<{ id: string }>("SELECT id FROM price_aliases ORDER BY id LIMIT ?", NAMES_TOLD);
  return { found, known: known.map(({ id }) => id), allowedOrigins };
}

function isSamePrice(known: PriceAliasRow, price: NamedPrice): boolean {
  const names = Object.keys(price) as (keyof NamedPrice)[];
  return names.every((name) => known[name] === price[name]);
}

function note(book: Book, name: string, act: "created" | "changed" | "deleted", detail: AuditDetail): void {
  writeAudit(book, { action: `price_alias.${act}`, object: "price_alias", objectId: name, detail });
}
