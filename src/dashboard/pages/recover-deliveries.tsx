// Sends again what a destination did not take since a moment: counted first, then confirmed.

import * as z from "zod";
import { timeInput, timestamp } from "../../http/fields.ts";
import { RECOVERY_LIMIT, recoverDeliveries } from "../../notifications/recover-deliveries.ts";
import type { AppError } from "../../platform/app-error.ts";
import { attemptOnce, readForm } from "../act.ts";
import { askLedger } from "../ask-ledger.ts";
import { type DashboardContext, pathId } from "../dashboard-env.ts";
import { destinationHref } from "../hrefs.ts";
import { renderPage } from "../layout/render.tsx";
import { ConfirmPage } from "../parts/confirm-page.tsx";
import { SinceForm } from "../parts/since-form.tsx";
import { readFields, readFilters } from "../read-query.ts";
import { countWords } from "../status-words.ts";
import { exactTime } from "../time-words.ts";

const DAY_MS = 24 * 60 * 60 * 1000;

const sinceQuery = z.strictObject({ since: timeInput.optional() });

export async function showRecovery(c: DashboardContext) {
  const { since } = readFilters(c, sinceQuery);
  return renderRecovery(c, since, null);
}

export async function recover(c: DashboardContext) {
  const [deps, { scope }] = [c.get("deps"), c.get("session").principal];
  const id = pathId(c);
  const form = await readForm(c);
  const { since } = readFields(c, { since: form.get("since") }, sinceQuery);
  if (form.get("confirm") !== "yes" || since === undefined) return renderRecovery(c, since, null);
  const done = await attemptOnce(c, form, [timestamp(since)], () =>
    recoverDeliveries(deps, scope, id, { sinceMs: since }),
  );
  if (done !== null && !done.ok) return renderRecovery(c, since, done.problem);
  // The form sent twice says it twice: whether there are more was known when it was made.
  const more = done === null ? form.get("more") === "yes" : done.value.hasMore;
  return c.redirect(`${destinationHref(id)}?done=${more ? "recovering_some" : "recovering"}`, 303);
}

/** @param problem why it was refused */
async function renderRecovery(c: DashboardContext, since: number | undefined, problem: AppError | null) {
  const id = pathId(c);
  const sinceMs = since ?? c.get("deps").now() - DAY_MS;
  const { destination, count } = await askLedger(c, {
    destination: ["getDestination", { id }],
    count: ["countFailedDeliveries", { destinationId: id, sinceMs }],
  });
  const path = destinationHref(destination.id);
  const isOff = !destination.isActive;
  return renderPage(
    c,
    {
      title: "Recover failed deliveries",
      place: "Event destinations",
      status: problem?.status,
    },
    <ConfirmPage
      crumb={{ words: destination.url, href: path }}
      title="Recover failed deliveries"
      note="After an outage at the destination's end: what gave up is sent again."
      action={`${path}/recover`}
      button={isOff || count === 0 ? null : `Send ${countWords(count, "delivery", "deliveries")} again`}
      problem={problem}
      fields={{ since: timestamp(sinceMs), more: count > RECOVERY_LIMIT ? "yes" : undefined }}
      before={<SinceForm action={`${path}/recover`} name="since" sinceMs={sinceMs} button="Count again" />}
    >
      <li>
        <strong>{`${countWords(count, "delivery", "deliveries")} since ${exactTime(sinceMs, c.get("timeZone"))} gave up`}</strong>
        {count === 0 ? ": there is nothing to send again." : "."}
      </li>
      {isOff ? <li>The destination is switched off: switch it on first.</li> : null}
      {isOff || count === 0 ? null : (
        <>
          <li>Each goes out again under its own webhook-id, oldest first, about ten a second.</li>
          <li>What it has taken, or is still to get, is left alone.</li>
        </>
      )}
    </ConfirmPage>,
  );
}
