// The budgets of an environment as their doors take and answer them.

import * as z from "zod";
import { timestampField, timestampOrNull } from "../http/fields.ts";
import type { BudgetGauge } from "../ledger/budgets/read-budgets.ts";
import { BUDGET_NAMES, type BudgetName, budgetKind, NEAR } from "../platform/budgets.ts";
import type { Scope } from "../platform/scope.ts";

const changeOf = (name: BudgetName) => {
  const { least = 1, most, words } = budgetKind(name);
  const error = `A whole number from ${least} to ${most.toLocaleString("en")}.`;
  return z
    .int({ error })
    .min(least, { error })
    .max(most, { error })
    .nullish()
    .meta({ description: `The most ${words}; null: the default.` });
};

/** Any of them; null sets one back to its default. */
export const budgetsBody = z.strictObject({
  events_per_minute: changeOf("events_per_minute"),
  event_bytes_per_minute: changeOf("event_bytes_per_minute"),
  events_per_day: changeOf("events_per_day"),
  event_bytes_per_day: changeOf("event_bytes_per_day"),
  mails_per_day: changeOf("mails_per_day"),
  ledger_bytes: changeOf("ledger_bytes"),
  api_keys: changeOf("api_keys"),
  event_destinations: changeOf("event_destinations"),
} satisfies Record<BudgetName, z.ZodType>);

const budgetSchema = z.object({
  name: z.enum(BUDGET_NAMES),
  words: z.string().meta({ description: "What it counts.", example: "webhook events a minute" }),
  most: z.int(),
  used: z.int().meta({
    description: "At this moment. Events are counted where they come in, fifty at a time or a megabyte.",
  }),
  state: z.enum(["ok", "near", "over"]).meta({
    description: `\`near\`: from ${NEAR * 100} % on, which is an issue at GET /issues, too. \`over\`: what comes is refused.`,
  }),
  resets_at: timestampField.nullable().meta({
    description: "When a new count begins; null where what there is at present counts.",
  }),
  last_near_at: timestampField.nullable(),
  last_over_at: timestampField.nullable(),
});

export const budgetsSchema = z
  .object({
    object: z.literal("budgets"),
    environment_id: z.string(),
    budgets: z.array(budgetSchema),
  })
  .meta({ id: "Budgets" });

/** @param apiKeys how many there are in use */
export function toBudgets(
  { environmentId }: Pick<Scope, "environmentId">,
  gauges: readonly BudgetGauge[],
  apiKeys: number,
): z.infer<typeof budgetsSchema> {
  return {
    object: "budgets",
    environment_id: environmentId,
    budgets: gauges.map(({ name, most, used: known, freeAtMs, mark }) => {
      const used = known ?? apiKeys;
      return {
        name,
        words: budgetKind(name).words,
        most,
        used,
        state: used >= most ? "over" : used >= most * NEAR ? "near" : "ok",
        resets_at: timestampOrNull(freeAtMs),
        last_near_at: timestampOrNull(mark?.nearAtMs ?? null),
        last_over_at: timestampOrNull(mark?.overAtMs ?? null),
      };
    }),
  };
}
