// The page on which a merchant lets a platform act on the account, as Stripe shows it: sign in as an account, then
// connect it or refuse (https://docs.stripe.com/connect/oauth-reference). An address with `account` or `deny` answers
// by itself, for callers that are no person.

import { html } from "hono/html";
import type { SandboxContext } from "./context.ts";
import { type Merchant, merchantOf, readForm, renderNotice, renderPage, seeOther } from "./page-layout.ts";
import { grantCode } from "./resources/oauth.ts";

const SHOWN = 20;
/** The mode is the account's, which is still to be named. */
const STRIPE: Merchant = { name: "Stripe", livemode: null };

/** Answers `/oauth/authorize`. */
export async function authorize(context: SandboxContext, request: Request): Promise<Response> {
  const asked = new URL(request.url).searchParams;
  const wrong = problemOf(asked);
  if (wrong !== null) {
    return renderNotice(400, { merchant: STRIPE, title: "This request is not valid", text: wrong });
  }
  const said = request.method === "POST" ? await readForm(request) : asked;
  if (said.get("deny") !== null) return refuse(asked);
  const accountId = said.get("account")?.trim() ?? "";
  if (accountId === "") return ask(context, asked);
  if (!/^acct_[A-Za-z0-9]+$/.test(accountId))
    return ask(context, asked, "An account looks like acct_yourname.");
  const scope = asked.get("scope") ?? "read_only";
  const code = grantCode(context, accountId, { clientId: asked.get("client_id"), scope });
  return back(asked, { scope, code });
}

/** Without a redirect_uri that can be trusted Stripe sends nobody anywhere. */
function problemOf(asked: URLSearchParams): string | null {
  const redirectUri = asked.get("redirect_uri");
  if (redirectUri === null || !URL.canParse(redirectUri)) return "Invalid redirect URI.";
  if (!/^ca_\w+$/.test(asked.get("client_id") ?? ""))
    return "No application matches the supplied client identifier.";
  if (asked.get("response_type") !== "code") return "The only response type supported is 'code'.";
  return ["read_write", "read_only", null].includes(asked.get("scope")) ? null : "Unknown scope requested.";
}

function refuse(asked: URLSearchParams): Response {
  return back(asked, { error: "access_denied", error_description: "The user denied your request" });
}

function back(asked: URLSearchParams, answer: Record<string, string>): Response {
  const target = new URL(asked.get("redirect_uri") ?? "");
  for (const [name, value] of Object.entries(answer)) target.searchParams.set(name, value);
  const state = asked.get("state");
  if (state !== null) target.searchParams.set("state", state);
  return seeOther(target.href);
}

function ask(
  context: SandboxContext,
  asked: URLSearchParams,
  problem: string | null = null,
): Promise<Response> {
  const accounts = Object.values(context.world.accounts).slice(-SHOWN);
  return renderPage(problem === null ? 200 : 422, {
    title: "Connect your account",
    merchant: STRIPE,
    body: html`<section class="card">
  <h1>Connect your Stripe account</h1>
  <p class="quiet">The application <code>${asked.get("client_id")}</code> asks to act on your account (${asked.get("scope") ?? "read_only"}).</p>
  ${problem === null ? "" : html`<p role="alert">${problem}</p>`}
  <form method="post" action="/oauth/authorize?${asked.toString()}">
    <label for="account">Sign in as an account</label>
    <input id="account" name="account" list="accounts" value="acct_connected" autocomplete="off">
    <datalist id="accounts">${accounts.map(({ account }) => html`<option value="${account.id}">${merchantOf(account).name}</option>`)}</datalist>
    <button class="main" type="submit">Connect</button>
    <button class="bad-button" name="deny" value="1">Deny</button>
  </form>
</section>`,
  });
}
