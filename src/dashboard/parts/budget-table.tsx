// What the environment may use, and how much of it is used.

import type * as z from "zod";
import type { budgetsSchema } from "../../directory/budgets-schema.ts";
import { firstUpper } from "../status-words.ts";
import { Badge } from "./badge.tsx";
import { None, Table } from "./table.tsx";
import { Time } from "./time.tsx";

type Budget = z.infer<typeof budgetsSchema>["budgets"][number];

export function BudgetTable({ budgets, now }: { budgets: readonly Budget[]; now: number }) {
  return (
    <Table
      caption="Budgets"
      rows={budgets}
      columns={[
        { head: "Budget", cell: ({ words }) => firstUpper(words) },
        {
          head: "Used",
          right: true,
          lead: true,
          cell: ({ name, used, most }) => (
            <>
              {amount(name, used)} of {amount(name, most)}
              <meter
                class="gauge"
                min={0}
                max={most}
                high={most * 0.8}
                value={Math.min(used, most)}
                aria-label="used"
              />
            </>
          ),
        },
        { head: "State", cell: ({ state }) => <State state={state} /> },
        {
          head: "Counts anew",
          isTime: true,
          priority: 2,
          cell: ({ resets_at: at }) => (at === null ? <None /> : <Time ms={Date.parse(at)} now={now} />),
        },
      ]}
    />
  );
}

function State({ state }: { state: Budget["state"] }) {
  if (state === "ok") return <Badge tone="good">Ample</Badge>;
  return state === "near" ? <Badge tone="warn">Nearly used</Badge> : <Badge tone="bad">Used up</Badge>;
}

function amount(name: string, count: number): string {
  if (!name.includes("bytes")) return count.toLocaleString("en");
  const megabytes = count / 1_000_000;
  return `${megabytes < 10 ? megabytes.toFixed(1) : Math.round(megabytes).toLocaleString("en")} MB`;
}
