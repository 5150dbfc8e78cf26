// Actions on a subscription: each asks Stripe, as the API's own doors do.

import { type AppError, notFound } from "../../platform/app-error.ts";
import { changeSubscription } from "../../webhooks/change-subscription.ts";
import { attempt } from "../act.ts";
import { askLedger } from "../ask-ledger.ts";
import { type DashboardContext, pathId } from "../dashboard-env.ts";
import { subscriptionHref } from "../hrefs.ts";
import { renderPage } from "../layout/render.tsx";
import { ConfirmPage } from "../parts/confirm-page.tsx";
import { SUBSCRIPTION_ACTS, type SubscriptionActName } from "../subscription-acts.ts";

/** The page that says what will happen. */
export function showSubscriptionAct(name: SubscriptionActName) {
  return (c: DashboardContext) => renderAct(c, name, null);
}

/** Does it. Sent twice it changes nothing more: Stripe is asked first how it stands. */
export function actOnSubscription(name: SubscriptionActName) {
  return async (c: DashboardContext) => {
    const { decide, done } = SUBSCRIPTION_ACTS[name];
    const id = pathId(c);
    const { scope } = c.get("session").principal;
    const changed = await attempt(() => changeSubscription(c.get("deps"), scope, id, decide));
    if (changed.ok) return c.redirect(`${subscriptionHref(id)}?done=${done}`, 303);
    return renderAct(c, name, changed.problem);
  };
}

async function renderAct(c: DashboardContext, name: SubscriptionActName, problem: AppError | null) {
  const id = pathId(c);
  const { row } = await askLedger(c, { row: ["findSubscription", { id }] });
  if (!row) throw notFound("subscription", id);
  const { button, title, danger, effects } = SUBSCRIPTION_ACTS[name];
  const path = subscriptionHref(id);
  return renderPage(
    c,
    { title, place: "Subscriptions", status: problem?.status },
    <ConfirmPage
      crumb={{ words: `Subscription ${id}`, href: path }}
      title={title}
      note={id}
      action={`${path}/${name}`}
      button={button}
      danger={danger}
      problem={problem}
    >
      {effects.map((effect) => (
        <li>{effect}</li>
      ))}
    </ConfirmPage>,
  );
}
