// What an environment may use: root reads how much of each budget is used, and sets any of them or its default.

import { placeOfEnvironment, readBudgetUse, setBudgets } from "../../directory/budgets.ts";
import { budgetsBody, toBudgets } from "../../directory/budgets-schema.ts";
import { validationFailed } from "../../http/router.ts";
import type { AppError } from "../../platform/app-error.ts";
import { BUDGET_NAMES, type BudgetName, budgetKind, budgetsOf } from "../../platform/budgets.ts";
import { attempt, readForm } from "../act.ts";
import type { DashboardContext } from "../dashboard-env.ts";
import { BudgetTable } from "../parts/budget-table.tsx";
import { TextField } from "../parts/field.tsx";
import { FormPage } from "../parts/form-page.tsx";
import { Panel } from "../parts/panel.tsx";
import { firstUpper } from "../status-words.ts";
import { environmentOfPath } from "./console-act.ts";
import { environmentHref } from "./console-hrefs.ts";
import { renderConsole } from "./console-page.tsx";

const MEGABYTE = 1_000_000;

export function showBudgets(c: DashboardContext) {
  return renderBudgets(c, null, null);
}

export async function changeBudgetsByForm(c: DashboardContext) {
  const { environment, scope } = await environmentOfPath(c);
  const form = await readForm(c);
  const done = await attempt(() => setBudgets(c.get("deps"), scope, readChange(form, environment.livemode)));
  if (!done.ok) return renderBudgets(c, form, done.problem);
  return c.redirect(`${environmentHref(scope)}?done=budgets_saved`, 303);
}

/**
 * A field that is empty, or that says the default, is the default.
 * @throws AppError `validation_failed`
 */
function readChange(form: URLSearchParams, livemode: boolean) {
  const defaults = budgetsOf({}, livemode);
  const typed = BUDGET_NAMES.map((name) => {
    const text = (form.get(name) ?? "").replaceAll(/[\s,]/g, "");
    if (text === "") return [name, null];
    const value = toCount(name, text);
    return [name, value === defaults[name] ? null : value];
  });
  const parsed = budgetsBody.safeParse(Object.fromEntries(typed));
  if (!parsed.success) throw validationFailed(parsed.error.issues);
  return parsed.data;
}

/** What is no number is NaN, for the API to refuse. */
function toCount(name: BudgetName, text: string): number {
  if (!/^\d{1,12}(?:\.\d{1,6})?$/.test(text)) return Number.NaN;
  return isBytes(name) ? Math.round(Number(text) * MEGABYTE) : Number(text);
}

function isBytes(name: BudgetName): boolean {
  return budgetKind(name).unit === "bytes";
}

async function renderBudgets(c: DashboardContext, typed: URLSearchParams | null, problem: AppError | null) {
  const deps = c.get("deps");
  const { environment, scope } = await environmentOfPath(c);
  const { gauges, apiKeys } = await readBudgetUse(deps, await placeOfEnvironment(deps, scope));
  const { budgets } = toBudgets(scope, gauges, apiKeys);
  const defaults = budgetsOf({}, environment.livemode);
  const shown = (name: BudgetName, count: number) => String(isBytes(name) ? count / MEGABYTE : count);
  return renderConsole(
    c,
    { title: "Budgets", place: "Environments", status: problem?.status },
    <FormPage
      crumb={{ words: environment.name, href: environmentHref(scope) }}
      title={`Budgets of ${environment.name}`}
      note="What it may use of what all share. What is beyond is refused in words, and from four fifths on the tenant has an issue."
      action={environmentHref(scope, "budgets")}
      button="Save"
      problem={problem}
      paths={BUDGET_NAMES}
      wide
      before={
        <Panel title="Used">
          <BudgetTable budgets={budgets} now={deps.now()} />
        </Panel>
      }
    >
      <div class="fields">
        {budgets.map(({ name, words, most }) => (
          <TextField
            name={name}
            label={labelOf(name, words)}
            value={typed?.get(name) ?? shown(name, most)}
            help={`Left empty: ${Number(shown(name, defaults[name])).toLocaleString("en")}, the default.`}
            problem={problem}
          />
        ))}
      </div>
    </FormPage>,
  );
}

function labelOf(name: BudgetName, words: string): string {
  return isBytes(name) ? words.replace(/^bytes/, "MB") : firstUpper(words);
}
