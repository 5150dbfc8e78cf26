// Answers a page: within the frame when somebody is signed in, alone in the middle when nobody is.

import type { Child } from "hono/jsx";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import { DEFAULT_TIME_ZONE } from "../../platform/time-zone.ts";
import { PAGE_OF } from "../act.ts";
import { type Surroundings, surroundingsOf } from "../ask-ledger.ts";
import type { DashboardContext, Session } from "../dashboard-env.ts";
import { href, isOfConsole } from "../hrefs.ts";
import { ApiOrigin } from "../parts/api-origin.ts";
import { AtStripe, type StripePlace } from "../parts/stripe-link.tsx";
import { TimeZone } from "../parts/time-zone.ts";
import { environmentsBeside } from "../session/held-sessions.ts";
import { renderDocument } from "./document.tsx";
import { Brand } from "./icon.tsx";
import type { Place } from "./places.ts";
import { Shell } from "./shell.tsx";

export type PageProps = {
  title: string;
  place: Place | null;
  /** That of a refusal which the page shows; left out: 200. */
  status?: number | undefined;
  /** What was searched for. */
  searched?: string | undefined;
};

/** A page of the signed-in dashboard. */
export async function renderPage(c: DashboardContext, props: PageProps, content: Child) {
  const { title, place, status = 200, searched } = props;
  const session = c.get("session");
  const [surroundings, beside] = await Promise.all([
    surroundingsIfAny(c, status),
    status >= 400 ? [] : environmentsBeside(c),
  ]);
  const children = (
    <TimeZone.Provider value={c.get("timeZone") ?? DEFAULT_TIME_ZONE}>
      <ApiOrigin.Provider value={c.get("deps").publicUrl ?? new URL(c.req.url).origin}>
        <AtStripe.Provider value={placeAtStripe(session, surroundings)}>
          <Shell
            session={session}
            place={place}
            surroundings={surroundings}
            searched={searched}
            beside={beside}
          >
            {content}
          </Shell>
        </AtStripe.Provider>
      </ApiOrigin.Provider>
    </TimeZone.Provider>
  );
  const document = await renderDocument({ title, nonce: c.get("secureHeadersNonce"), children });
  return c.html(sayPageOf(document.toString(), session), status as ContentfulStatusCode);
}

/** Each form says of which environment its page was. What a page shows of others' holds no tag. */
function sayPageOf(document: string, { principal }: Session): string {
  const field = `<input type="hidden" name="${PAGE_OF}" value="${principal.scope.environmentId}"/>`;
  return document.replaceAll(/<form\b[^>]*\bmethod="post"[^>]*>/g, (tag) => `${tag}${field}`);
}

/** Where Stripe's dashboard shows what this environment's pages speak of. */
function placeAtStripe({ principal }: Session, surroundings: Surroundings | null): StripePlace {
  return { accountId: surroundings?.connection?.account.id ?? null, livemode: principal.livemode };
}

/** A page that says what went wrong is shown though the ledger does not answer. */
async function surroundingsIfAny(c: DashboardContext, status: number): Promise<Surroundings | null> {
  try {
    return await surroundingsOf(c);
  } catch (error) {
    if (status >= 400) return null;
    throw error;
  }
}

/** A page that needs no session: signing in, and errors before it. */
export function renderAlone(
  c: DashboardContext,
  { title, status = 200 }: Omit<PageProps, "place">,
  content: Child,
) {
  const children = (
    <main id="content" class="alone" tabindex={-1}>
      <Brand href={isOfConsole(c.req.path) ? "/console" : href("/")} />
      {content}
    </main>
  );
  return c.html(
    renderDocument({ title, nonce: c.get("secureHeadersNonce"), children }),
    status as ContentfulStatusCode,
  );
}

/** Whether somebody is signed in: an error may come before that is known. */
export function isSignedIn(c: DashboardContext): boolean {
  return (c.get("session") as Session | undefined) !== undefined;
}
