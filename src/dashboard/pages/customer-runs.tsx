// Starting a run over all customers, once it was said what that does; and bringing one in step while its page waits.

import { syncNow } from "../../customers/sync-now.ts";
import type { RunKind } from "../../ledger/customers/run-row.ts";
import { AppError } from "../../platform/app-error.ts";
import { attempt, readForm } from "../act.ts";
import { type DashboardContext, pathId, sessionLedger } from "../dashboard-env.ts";
import { customerHref, href } from "../hrefs.ts";
import { renderPage } from "../layout/render.tsx";
import { ConfirmPage } from "../parts/confirm-page.tsx";
import { renderCustomer } from "./customer.tsx";

const PATH = "/customers";

const WORDS: Record<RunKind, { title: string; button: string; effects: readonly string[] }> = {
  import: {
    title: "Import from Stripe",
    button: "Import them",
    effects: [
      "All customers of the Stripe account are fetched, page by page. It goes on by itself, also after a failure.",
      "One that names a customer here is linked to it; so is one with the same email address, where the settings say so and one alone has it on both sides. What has changed at Stripe is taken over.",
      "Every other one becomes a customer here, under Stripe's id, and your platform is told of each.",
    ],
  },
  sync: {
    title: "Sync all customers",
    button: "Sync all",
    effects: [
      "What has changed at Stripe is taken over, and what differs here is sent there, as the connection and the settings say.",
      "A few are sent at a time, so that Stripe's limits are kept. Nobody new is made here by it.",
    ],
  },
};

export function showCustomerRun(kind: RunKind) {
  return (c: DashboardContext) => renderStart(c, kind, null);
}

export function startRun(kind: RunKind) {
  return async (c: DashboardContext) => {
    if ((await readForm(c)).get("confirm") !== "yes") return renderStart(c, kind, null);
    // Sent twice it finds the run that is under way.
    const done = await attempt(() => sessionLedger(c).startCustomerRun({ kind }));
    if (!done.ok) return renderStart(c, kind, done.problem);
    return c.redirect(href(PATH, { done: "customers_running" }), 303);
  };
}

export async function syncOne(c: DashboardContext) {
  const id = pathId(c);
  const { scope } = c.get("session").principal;
  const done = await attempt(() => syncNow(c.get("deps"), scope, id));
  if (!done.ok) return renderCustomer(c, done.problem);
  const { outcome, error, pushed, pulled } = done.value;
  const back = (words: "customer_synced" | "customer_unchanged" | "customer_pending") =>
    c.redirect(`${customerHref(id)}?done=${words}`, 303);
  if (outcome === "pending") return back("customer_pending");
  if (outcome === "synced") {
    const isMoved = done.value.made || pushed.length + pulled.length > 0;
    return back(isMoved ? "customer_synced" : "customer_unchanged");
  }
  return renderCustomer(c, new AppError("conflict", { detail: error ?? "It could not be done." }));
}

/** @param problem why it was refused */
function renderStart(c: DashboardContext, kind: RunKind, problem: AppError | null) {
  const { title, button, effects } = WORDS[kind];
  return renderPage(
    c,
    { title, place: "Customers", status: problem?.status },
    <ConfirmPage
      crumb={{ words: "Customers", href: href(PATH) }}
      title={title}
      action={href(`${PATH}/${kind}`)}
      button={button}
      problem={problem}
    >
      {effects.map((effect) => (
        <li>{effect}</li>
      ))}
    </ConfirmPage>,
  );
}
