// A world in which every place that a person can write into holds what a stranger would write there. Which places there
// are, and that none was forgotten, is held against the databases: see text-columns.ts.

import { randomBytes } from "node:crypto";
import { dataOf, type Quittance } from "../../client/index.ts";
import type { Stack } from "../demo/start-stack.ts";
import { subscribe } from "../demo/subscription-job.ts";
import { sendHostileEvents } from "./hostile-events.ts";
import { findHostedPages, findMails } from "./hostile-pages.ts";
import { beRefused } from "./hostile-refusals.ts";
import { breakRows } from "./hostile-rows.ts";
import { checkOutStrangers, sellToStrangers } from "./hostile-sales.ts";
import { ALL, cut, HOSTILE_STRINGS, HOSTILE_URL, MARKUP } from "./hostile-strings.ts";
import { makeTenant } from "./make-tenant.ts";
import { startReceiver } from "./receive.ts";
import { atSandbox } from "./stripe-side.ts";

/** As long as a name may be that never is cut off. */
const NAME = `${MARKUP}${"W".repeat(60 - MARKUP.length)}`;
export type HostileWorld = Awaited<ReturnType<typeof makeHostileWorld>>;

/**
 * @returns beside the tenant: `shown`, pages with what is to be read on them; `mails`, as they are read; `outside`,
 * addresses of what payers see; `gone`, those that say so
 */
export async function makeHostileWorld(stack: Stack) {
  const tenant = await makeTenant(stack, `${MARKUP}${"W".repeat(60)}`, NAME);
  const { quittance } = tenant;
  const account = `hostile${randomBytes(4).toString("hex")}`;
  const secretKey = `sk_test_${account}_1`;
  const webhookSecret = `whsec_${randomBytes(24).toString("hex")}`;
  const flow = { name: NAME, return_url: HOSTILE_URL };
  await dataOf(quittance.POST("/api/v1/connections/oauth", { body: flow }));
  const connecting = { name: cut(ALL, 100), provider: "stripe" as const, secret_key: secretKey };
  const connection = await dataOf(quittance.POST("/api/v1/connections", { body: connecting }));
  const params = { path: { id: connection.id } };
  const change = { webhook_secret: webhookSecret, webhook_secret_overlap_seconds: 86_400 };
  await dataOf(quittance.PATCH("/api/v1/connections/{id}", { params, body: change }));
  const requirements = { currently_due: [MARKUP], disabled_reason: MARKUP };
  await atSandbox(stack, `/accounts/acct_${account}`, { business_name: NAME, requirements });
  const settings = {
    success_message: cut(ALL, 250),
    email_from_name: `${"W".repeat(50)} & '${"İ".repeat(4)}`,
    send_receipts: true,
  };
  await dataOf(quittance.PATCH("/api/v1/settings", { body: settings }));
  const shown = await fillWithTexts(quittance);
  await dataOf(quittance.POST("/api/v1/api_keys", { body: { name: cut(ALL, 60), role: "read" } }));
  const outside = await sellToStrangers(quittance);
  await subscribe(stack, tenant, secretKey);
  outside.push(...(await checkOutStrangers(quittance, HOSTILE_URL)));
  const platform = await startReceiver({ status: 500, body: cut(ALL, 900) });
  const destination = { url: `${platform.url}?x=${MARKUP}`, description: cut(ALL, 200) };
  const { id } = await dataOf(quittance.POST("/api/v1/event_destinations", { body: destination }));
  await dataOf(quittance.POST("/api/v1/event_destinations/{id}/test", { params: { path: { id } } }));
  const webhookUrl = connection.webhook_url ?? "";
  await sendHostileEvents({ stack, quittance, webhookUrl, webhookSecret, secretKey });
  const outbound = { sync_config: { customer: { outbound: true } } };
  await dataOf(quittance.PATCH("/api/v1/connections/{id}", { params, body: outbound }));
  const { ended, gone } = await findHostedPages(stack, secretKey);
  outside.push(...ended, ...(await beRefused(stack, quittance, secretKey)));
  const messageId = breakRows(stack, tenant);
  const mails = await findMails(quittance);
  platform.end();
  return { ...tenant, shown, messageId, mails, outside, gone };
}

/** For each string a customer and a draft that are called so. @returns those, and what is to be read on their pages */
async function fillWithTexts(quittance: Quittance): Promise<{ path: string; text: string }[]> {
  const shown: { path: string; text: string }[] = [];
  for (const [index, text] of HOSTILE_STRINGS.entries()) {
    const metadata = { [`=${cut(text.replaceAll(/[[\]]/g, ""), 38)}`]: cut(text, 500) };
    const address = { line1: text, line2: text, city: text, state: text, postal_code: cut(text, 20) };
    const customer = { name: cut(text, 200), phone: cut(text, 20), address, metadata };
    const body = { ...customer, email: `h${index}@example.com` };
    const { id } = await dataOf(quittance.POST("/api/v1/customers", { body }));
    const asked = {
      ...{ customer_id: id, currency: "EUR", number: cut(text, 60), memo: text, metadata },
      lines: [{ description: text, quantity: 1, unit_amount: 12_900 }],
    };
    const invoice = await dataOf(quittance.POST("/api/v1/invoices", { body: asked }));
    shown.push(
      { path: `/dashboard/customers/${id}`, text },
      { path: `/dashboard/invoices/${invoice.id}`, text },
    );
  }
  return shown;
}
