// A connection's name, and what it keeps in step with Stripe.

import { updateConnectionBody } from "../../connections/request-schema.ts";
import { updateConnection } from "../../connections/update-connection.ts";
import { validationFailed } from "../../http/router.ts";
import type { AppError } from "../../platform/app-error.ts";
import type { SyncConfig } from "../../platform/sync-config.ts";
import { attemptOnce, readForm } from "../act.ts";
import { liveConnectionOf } from "../connection-view.ts";
import { type DashboardContext, pathId } from "../dashboard-env.ts";
import { connectionHref, href } from "../hrefs.ts";
import { renderPage } from "../layout/render.tsx";
import { CheckField, TextField } from "../parts/field.tsx";
import { FormPage } from "../parts/form-page.tsx";

type Fields = { name: string; sync: SyncConfig };

export async function showConnectionSettings(c: DashboardContext) {
  return renderForm(c, null, null);
}

export async function changeConnectionSettings(c: DashboardContext) {
  const form = await readForm(c);
  const fields = readFields(form);
  const { scope } = c.get("session").principal;
  const asked = [fields.name, JSON.stringify(fields.sync)];
  const tried = await attemptOnce(c, form, asked, async () => {
    const parsed = updateConnectionBody.safeParse({ name: fields.name, sync_config: fields.sync });
    if (!parsed.success) throw validationFailed(parsed.error.issues);
    const { name, sync_config: syncConfig } = parsed.data;
    return updateConnection(c.get("deps"), scope, pathId(c), { name, syncConfig });
  });
  if (tried !== null && !tried.ok) return renderForm(c, fields, tried.problem);
  return c.redirect(href("/connections", { done: "connection_changed" }), 303);
}

function readFields(form: URLSearchParams): Fields {
  const isOn = (name: string) => form.get(name) === "on";
  return {
    name: (form.get("name") ?? "").trim(),
    sync: {
      customer: { inbound: isOn("customer_inbound"), outbound: isOn("customer_outbound") },
      invoice: { outbound: isOn("invoice_outbound") },
      subscription: { inbound: isOn("subscription_inbound") },
    },
  };
}

/**
 * @param fields as they were sent; null: as they are stored
 * @param problem why they were refused
 */
async function renderForm(c: DashboardContext, fields: Fields | null, problem: AppError | null) {
  const { row } = await liveConnectionOf(c);
  const { name, sync } = fields ?? { name: row.name, sync: row.syncConfig };
  return renderPage(
    c,
    { title: "Name and sync", place: "Connection", status: problem?.status },
    <FormPage
      crumb={{ words: "Connection", href: href("/connections") }}
      title="Name and sync"
      action={connectionHref(row.id, "settings")}
      button="Save"
      problem={problem}
      paths={["name"]}
    >
      <TextField
        name="name"
        label="Connection name"
        value={name}
        maxlength={200}
        required
        problem={problem}
      />
      <CheckField
        name="invoice_outbound"
        label="Payment links for invoices"
        help="Each finalised invoice gets a link at Stripe. Off: invoices are made without one, and get theirs once it is on again."
        checked={sync.invoice.outbound}
      />
      <CheckField
        name="customer_outbound"
        label="Customers to Stripe"
        help="Customers that are made or changed here are made and changed there."
        checked={sync.customer.outbound}
      />
      <CheckField
        name="customer_inbound"
        label="Customers from Stripe"
        help="Customers that are made or changed there are taken over. Switch it off where others share the Stripe account."
        checked={sync.customer.inbound}
      />
      <CheckField
        name="subscription_inbound"
        label="Subscriptions from Stripe"
        help="Subscriptions of your customers show here, with their invoices and payments."
        checked={sync.subscription.inbound}
      />
    </FormPage>,
  );
}
