// What screenshots show besides the demo's own: long names, several currencies, an overdue invoice and
// a void one.

import * as z from "zod";
import type { Api } from "../demo/api.ts";

const made = z.object({ id: z.string() });

const NAMES = [
  "Amalgamated Widgets and International Holdings Company Ltd.",
  "Amal Haddad",
  "Grace Hopper",
  "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauer",
  "Ünal & Söhne",
] as const;
const AMOUNTS = [4900, 129_900, 1250, 99_000, 24_900] as const;
const DAY_MS = 24 * 60 * 60 * 1000;

export async function fillForScreenshots(api: Api): Promise<void> {
  for (const [index, name] of NAMES.entries()) {
    const customer = await api.post("/customers", { name, email: `finance${index}@example.com` }, made);
    const due = new Date(Date.now() + (index - 2) * 10 * DAY_MS).toISOString();
    const asked = {
      customer_id: customer.id,
      currency: index === 3 ? "usd" : "eur",
      due_at: due,
      finalize: index !== 4,
      lines: [{ description: "Plan, per seat", quantity: 1, unit_amount: AMOUNTS[index] ?? 100 }],
    };
    const invoice = await api.post("/invoices", asked, made);
    if (index === 1) await api.post(`/invoices/${invoice.id}/void`, {}, made);
  }
}
