// Disconnects by form, after what it costs was said with numbers, and only where the connection's name was typed.

import { disconnect, foresee } from "../../connect/disconnect.ts";
import type { OpenEnds } from "../../ledger/erasure/open-ends.ts";
import { type AppError, invalid } from "../../platform/app-error.ts";
import { attemptOnce, readForm } from "../act.ts";
import { askLedger } from "../ask-ledger.ts";
import { liveConnectionOf } from "../connection-view.ts";
import { type DashboardContext, pathId } from "../dashboard-env.ts";
import { connectionHref, href } from "../hrefs.ts";
import { renderPage } from "../layout/render.tsx";
import { ActPage } from "../parts/act-page.tsx";
import { ConfirmPage } from "../parts/confirm-page.tsx";
import { TextField } from "../parts/field.tsx";
import { Panel } from "../parts/panel.tsx";
import { countWords } from "../status-words.ts";

export async function showDisconnection(c: DashboardContext) {
  return renderForm(c, null);
}

export async function disconnectConnection(c: DashboardContext) {
  const form = await readForm(c);
  if (form.get("confirm") !== "yes") return renderForm(c, null);
  const [deps, { scope }] = [c.get("deps"), c.get("session").principal];
  const id = pathId(c);
  const { row } = await liveConnectionOf(c);
  const typed = (form.get("name") ?? "").trim();
  if (typed !== row.name.trim()) {
    return renderForm(c, invalid("name", `Type the connection's name, ${row.name}, to disconnect it.`));
  }
  const tried = await attemptOnce(c, form, [typed], () => disconnect(deps, scope, id));
  if (tried !== null && !tried.ok) return renderForm(c, tried.problem);
  if (tried !== null && tried.value.notUndone.length > 0)
    return renderLeft(c, row.name, tried.value.notUndone);
  return c.redirect(href("/connections", { done: "disconnected" }), 303);
}

/** What nobody can undo any more from here, said this once: it is stored nowhere. */
function renderLeft(c: DashboardContext, name: string, left: readonly string[]) {
  return renderPage(
    c,
    { title: "Disconnected", place: "Connection" },
    <ActPage
      crumb={{ words: "Connection", href: href("/connections") }}
      title={`${name} is disconnected`}
      note="Its secrets are erased."
    >
      <Panel title="What is left to be done at Stripe">
        <ul class="pad">
          {left.map((words) => (
            <li>{words}</li>
          ))}
        </ul>
      </Panel>
    </ActPage>,
  );
}

/** @param problem why it was refused, or is unfinished */
async function renderForm(c: DashboardContext, problem: AppError | null) {
  const [connection, { openEnds }] = await Promise.all([
    liveConnectionOf(c),
    askLedger(c, { openEnds: ["findOpenEnds", {}] }),
  ]);
  const { row } = connection;
  const { notUndone } = foresee(connection, openEnds);
  return renderPage(
    c,
    { title: "Disconnect", place: "Connection", status: problem?.status },
    <ConfirmPage
      crumb={{ words: "Connection", href: href("/connections") }}
      title={`Disconnect ${row.name}`}
      note={row.account.displayName ?? row.accountId}
      action={connectionHref(row.id, "disconnect")}
      button="Disconnect for good"
      danger
      problem={problem?.errors ? null : problem}
      ask={
        <TextField
          name="name"
          label={`Type ${row.name} to go on`}
          required
          maxlength={200}
          problem={problem}
        />
      }
    >
      <li>
        {row.authType === "oauth"
          ? "The access to the account is given back to Stripe."
          : "The key and the signing secrets are erased here, and our event destination is deleted at Stripe."}
      </li>
      {costsOf(openEnds).map((cost) => (
        <li>{cost}</li>
      ))}
      <li>Invoices, payments and their history stay. The same account can be connected again.</li>
      {notUndone.length === 0 ? null : (
        <li>
          <details>
            <summary>Which these are</summary>
            {notUndone.map((words) => (
              <p class="muted">{words}</p>
            ))}
          </details>
        </li>
      )}
    </ConfirmPage>,
  );
}

/** What it costs, a sentence a kind, with how many. Pure. */
export function costsOf({ links, payments, checkoutSessions, subscriptions }: OpenEnds): string[] {
  const many = (count: number, one: string, words: string) =>
    count === 0 ? [] : [`${countWords(count, one)} ${words}`];
  return [
    ...many(
      links.length,
      "payment link",
      "can be paid now and will be switched off. The invoices stay open.",
    ),
    ...many(payments.length, "payment", "on the way: how it ends will not be heard of here."),
    ...many(
      checkoutSessions.length,
      "checkout session",
      "can still be paid, or whose payment is on its way: that will not be heard of here.",
    ),
    ...many(
      subscriptions.length,
      "subscription",
      "will go on and be billed at Stripe, and not be followed here. Cancel at Stripe what is to end.",
    ),
  ];
}
