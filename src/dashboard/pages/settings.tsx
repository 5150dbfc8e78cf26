// The options of the environment: each with what it does, beside it what a payer sees of them, and how much of what the
// environment may use is used.

import { countApiKeys } from "../../directory/budgets.ts";
import { toBudgets } from "../../directory/budgets-schema.ts";
import { updateSettings } from "../../directory/environment-settings.ts";
import type { AppError } from "../../platform/app-error.ts";
import { type EnvironmentSettings, readStored } from "../../platform/environment-settings.ts";
import { attempt, readForm } from "../act.ts";
import { askLedger } from "../ask-ledger.ts";
import { type DashboardContext, sessionLedger } from "../dashboard-env.ts";
import { href } from "../hrefs.ts";
import { renderPage } from "../layout/render.tsx";
import { BudgetTable } from "../parts/budget-table.tsx";
import { ByApi } from "../parts/by-api.tsx";
import { PageNote } from "../parts/page-note.tsx";
import { PageHead, Panel } from "../parts/panel.tsx";
import { PayerPreview } from "../parts/payer-preview.tsx";
import { SettingsForm } from "../parts/settings-form.tsx";
import { mayAct } from "../session/may-act.ts";
import {
  atFields,
  type SettingsFields,
  settingsChange,
  settingsFields,
  typedSettings,
} from "../settings-form.ts";

export async function showSettings(c: DashboardContext) {
  return renderSettings(c, null, null);
}

export async function changeSettingsByForm(c: DashboardContext) {
  const form = await readForm(c);
  const present = readStored((await sessionLedger(c).readSettings({})).settings);
  const fields = typedSettings(form, Object.keys(settingsFields(present)));
  const { principal } = c.get("session");
  const done = await attempt(async () =>
    updateSettings(c.get("deps"), principal, settingsChange(fields, present)),
  );
  if (!done.ok) return renderSettings(c, fields, atFields(done.problem));
  return c.redirect(href("/settings", { done: "settings_saved" }), 303);
}

/** @param typed what the form was sent with; null: the present options */
async function renderSettings(c: DashboardContext, typed: SettingsFields | null, problem: AppError | null) {
  const { scope } = c.get("session").principal;
  const [{ settings: stored, gauges }, apiKeys] = await Promise.all([
    askLedger(c, { settings: ["readSettings", {}], gauges: ["readBudgets", {}] }),
    countApiKeys(c.get("deps"), scope),
  ]);
  const settings: EnvironmentSettings = readStored(stored.settings);
  const mayChange = mayAct(c.get("session"), "admin", "settings");
  return renderPage(
    c,
    { title: "Settings", place: "Settings", status: problem?.status },
    <>
      <PageHead
        title="Settings"
        note={
          mayChange
            ? "What changes holds for links and emails that are made from then on."
            : "To change them needs role admin."
        }
      />
      <PageNote c={c} problem={problem} />
      <div class="columns">
        <SettingsForm
          action={href("/settings")}
          fields={typed ?? settingsFields(settings)}
          mayChange={mayChange}
          problem={problem}
        />
        <div class="beside">
          <Panel title="What a payer sees">
            <div class="pad">
              <PayerPreview settings={settings} email={c.get("deps").config.email} />
            </div>
          </Panel>
        </div>
      </div>
      <Panel title="Budgets">
        <BudgetTable budgets={toBudgets(scope, gauges, apiKeys).budgets} now={c.get("deps").now()} />
      </Panel>
      <ByApi
        calls={[
          { words: "The settings", method: "GET", path: "/settings" },
          {
            words: "One changed",
            method: "PATCH",
            path: "/settings",
            body: { send_receipts: !settings.send_receipts },
          },
          { words: "The budgets", method: "GET", path: "/budgets" },
        ]}
      />
    </>,
  );
}
