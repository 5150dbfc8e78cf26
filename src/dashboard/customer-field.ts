// A customer in a form: chosen from a list by name, or typed as an id, a name or a mail address.

import type { CustomerRow } from "../ledger/customers/customer-state.ts";
import { invalid } from "../platform/app-error.ts";
import { type DashboardContext, sessionLedger } from "./dashboard-env.ts";
import { readSought } from "./read-sought.ts";

const BETWEEN = " · ";

/** As the list offers it, and the field shows it: the name, and the id that it is known by. */
export function customerText({ id, name }: Pick<CustomerRow, "id" | "name">): string {
  return `${name}${BETWEEN}${id}`;
}

/**
 * The id of the customer who is meant; what was typed, where nobody is found by it.
 * @throws AppError `validation_failed` where several are
 */
export async function customerIdOf(c: DashboardContext, typed: string): Promise<string> {
  if (typed.includes(BETWEEN)) return typed.slice(typed.lastIndexOf(BETWEEN) + BETWEEN.length);
  if (typed === "") throw invalid("customer_id", "Say whose invoice it is.");
  const { id, text } = await sessionLedger(c).search(readSought(typed));
  const found = [...id, ...text].filter(({ kind }) => kind === "customer");
  const exact = found.find((one) => one.id === typed);
  if (exact !== undefined || found.length === 0) return typed;
  const [only, another] = found;
  if (only === undefined || another !== undefined)
    throw invalid("customer_id", "Several customers are called so. Choose one of the list, or give its id.");
  return only.id;
}
