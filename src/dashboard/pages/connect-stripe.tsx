// Stripe Connect from the dashboard: what it gives us and what not, before anybody is sent to Stripe, and the button.
// The flow is bound to this browser; Stripe's page leads back to the page of connections.

import { beginConnect } from "../../connect/begin-connect.ts";
import { markBrowser } from "../../connect/browser-cookie.ts";
import { requireAllowed } from "../../directory/access.ts";
import type { AppError } from "../../platform/app-error.ts";
import { type ConnectOffer, connectOffer } from "../../platform/connect-config.ts";
import { attempt, readForm } from "../act.ts";
import type { DashboardContext } from "../dashboard-env.ts";
import { docsHref, href, safeNext } from "../hrefs.ts";
import { renderPage } from "../layout/render.tsx";
import { ActPage } from "../parts/act-page.tsx";
import { Notice, Panel } from "../parts/panel.tsx";

const MOST_NAME_CHARACTERS = 200;

export async function showConnectStripe(c: DashboardContext) {
  return renderForm(c, null);
}

export async function connectStripe(c: DashboardContext) {
  const form = await readForm(c);
  if (form.get("confirm") !== "yes") return renderForm(c, null);
  const deps = c.get("deps");
  requireAllowed(c.get("session").principal, "admin", "connections");
  const { scope, livemode, keyId } = c.get("session").principal;
  const name = (form.get("name") ?? "").trim().slice(0, MOST_NAME_CHARACTERS) || "Stripe";
  const browser = markBrowser(c);
  const returnUrl = `${deps.publicUrl}${nextOf(form.get("next") ?? undefined)}`;
  const begun = await attempt(() => beginConnect(deps, scope, { livemode, keyId, name, returnUrl, browser }));
  return begun.ok ? c.redirect(begun.value.url, 303) : renderForm(c, begun.problem);
}

/** Where it leads once the account is connected. */
function nextOf(next: string | undefined): string {
  return next === undefined ? href("/connections") : safeNext(next);
}

function renderForm(c: DashboardContext, problem: AppError | null) {
  const { livemode } = c.get("session").principal;
  const offer = connectOffer(c.get("deps").config, livemode);
  return renderPage(
    c,
    { title: "Connect with Stripe", place: "Connection", status: problem?.status },
    <ActPage
      crumb={{ words: "Connections", href: href("/connections") }}
      title="Connect with Stripe"
      note="You sign in at Stripe and give access there. No key is copied, and no webhook is set up."
    >
      {problem === null ? null : (
        <Notice tone="bad">
          <p role="alert">{problem.message}</p>
        </Notice>
      )}
      <Panel title={`What Quittance may do with your ${livemode ? "" : "test "}account`}>
        <div class="pad">
          <ul>
            <li>Create checkouts and payment links, and keep customers and subscriptions in step.</li>
            <li>Give money back that was paid.</li>
            <li>
              Look up payments. Stripe does not limit this to ours: all of the account can be read with it,
              though we look only at what was made by us, or belongs to the customers that you keep here.
            </li>
            <li>
              See whether Stripe lets the account take payments and pays out, and what it still asks for.
            </li>
          </ul>
          <h3>What it may not do</h3>
          <ul>
            <li>Sign in to your Stripe dashboard.</li>
            <li>Change who you are at Stripe, your verification or your password.</li>
            <li>Change your bank account, or when Stripe pays out.</li>
            <li>Take a fee: each payment is yours, less Stripe's own fees.</li>
          </ul>
          <p class="muted">You can take the access back at any time, here or in Stripe's dashboard.</p>
        </div>
      </Panel>
      <OfferPanel offer={offer} next={c.req.query("next")} />
      <Notice tone="info">
        <p>
          Stripe discourages this way for new platforms, and an account that another platform controls cannot
          be connected by it. For these <a href={href("/connections/new")}>use a restricted key</a>; by API:{" "}
          <a href={docsHref("post", "/connections")}>POST /api/v1/connections</a> and{" "}
          <a href={docsHref("get", "/restricted_key")}>how to make the key</a>.
        </p>
      </Notice>
    </ActPage>,
  );
}

function OfferPanel({ offer, next }: { offer: ConnectOffer; next: string | undefined }) {
  if (!offer.ok) {
    return (
      <Panel title="Not set up yet">
        <div class="pad">
          <p>{offer.detail}</p>
        </div>
      </Panel>
    );
  }
  return (
    <Panel title="Go to Stripe">
      <form class="pad" method="post" action={href("/connect-stripe")}>
        {next === undefined ? null : <input type="hidden" name="next" value={safeNext(next)} />}
        <p class="field">
          <label for="name">Name of the connection</label>
          <input
            id="name"
            class="long"
            type="text"
            name="name"
            value="Stripe"
            maxlength={MOST_NAME_CHARACTERS}
            required
          />
        </p>
        <div class="actions">
          <button class="primary" type="submit" name="confirm" value="yes">
            Connect with Stripe
          </button>
          <a class="button" href={href("/connections")}>
            Cancel
          </a>
        </div>
      </form>
    </Panel>
  );
}
