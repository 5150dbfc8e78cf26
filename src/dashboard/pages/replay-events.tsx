// Webhook events are done again by filter: counted first, then confirmed, then put on the queue.

import { useContext } from "hono/jsx";
import * as z from "zod";
import { timeInput, timestamp } from "../../http/fields.ts";
import { encodeCursor, pageQuery, readPage } from "../../http/list.ts";
import type { AppError } from "../../platform/app-error.ts";
import { cutPage } from "../../platform/paging.ts";
import { positionOfEvent } from "../../platform/tables/webhook-events.ts";
import { REPLAY_LIMIT, replayEvents } from "../../webhooks/replay-events.ts";
import { attemptOnce, readForm } from "../act.ts";
import { type DashboardContext, sessionLedger } from "../dashboard-env.ts";
import { href } from "../hrefs.ts";
import { renderPage } from "../layout/render.tsx";
import { ConfirmPage } from "../parts/confirm-page.tsx";
import { EventTypeSelect } from "../parts/event-type-select.tsx";
import { PageNote } from "../parts/page-note.tsx";
import { SinceForm } from "../parts/since-form.tsx";
import { TimeZone } from "../parts/time-zone.ts";
import { readFields, readFilters } from "../read-query.ts";
import { countWords, EVENT_LOOK } from "../status-words.ts";
import { exactTime } from "../time-words.ts";

const PATH = "/webhook-events";
const REPLAYABLE = ["dead", "failed", "ignored"] as const;

const replayQuery = z.strictObject({
  status: z.enum(REPLAYABLE),
  type: z.string().optional(),
  received_after: timeInput.optional(),
  /** Where the thousand before ended: what was queued may still fit. */
  cursor: pageQuery.shape.cursor,
});
type ReplayQuery = z.output<typeof replayQuery>;
const DEFAULTS = { status: "dead" };

export async function showReplay(c: DashboardContext) {
  return renderReplay(c, readFilters(c, replayQuery, DEFAULTS), null);
}

export async function replayMany(c: DashboardContext) {
  const [deps, { scope }] = [c.get("deps"), c.get("session").principal];
  const form = await readForm(c);
  const names = ["status", "type", "received_after", "cursor"];
  const fields = Object.fromEntries(names.map((name) => [name, form.get(name)]));
  const query = readFields(c, fields, replayQuery, DEFAULTS);
  if (form.get("confirm") !== "yes") return renderReplay(c, query, null);
  const asked = names.map((name) => form.get(name) ?? "");
  const done = await attemptOnce(c, form, asked, () =>
    replayEvents(deps, scope, filterOf(query), afterOf(query)),
  );
  if (done !== null && !done.ok) return renderReplay(c, query, done.problem);
  // The form sent twice says it twice: where the first answer leads was known when it was made.
  const cursor = done === null ? form.get("next") : done.value.next && encodeCursor(done.value.next);
  if (!cursor) return c.redirect(href(PATH, { done: "replaying" }), 303);
  const further = { ...fieldsOf(query), cursor, done: "replaying_some" };
  return c.redirect(href(`${PATH}/replay`, further), 303);
}

function filterOf({ status, type, received_after }: ReplayQuery) {
  return { status, type, receivedAfterMs: received_after };
}

function afterOf({ cursor }: ReplayQuery) {
  return readPage({ limit: REPLAY_LIMIT, cursor }).after;
}

function fieldsOf({ status, type, received_after, cursor }: ReplayQuery) {
  const since = received_after === undefined ? undefined : timestamp(received_after);
  return { status, type, received_after: since, cursor };
}

/** @param problem why it was refused */
async function renderReplay(c: DashboardContext, query: ReplayQuery, problem: AppError | null) {
  // As the verb will take them.
  const fitting = { ...filterOf(query), isReadable: true };
  const found = await sessionLedger(c).listWebhookEvents({
    filter: fitting,
    page: { limit: REPLAY_LIMIT, after: afterOf(query) },
  });
  const { rows, next } = cutPage(found, REPLAY_LIMIT, positionOfEvent);
  const count = rows.length;
  return renderPage(
    c,
    {
      title: "Replay webhook events",
      place: "Webhook events",
      status: problem?.status,
    },
    <ConfirmPage
      crumb={{ words: "Webhook events", href: href(PATH) }}
      title="Replay webhook events"
      note="What gave up, failed or was ignored is decided again from its stored payload."
      action={href(`${PATH}/replay`)}
      button={count === 0 ? null : `Replay ${countWords(count, "event")}`}
      problem={problem}
      fields={{ ...fieldsOf(query), next: next === null ? undefined : encodeCursor(next) }}
      before={
        <>
          <PageNote c={c} />
          <Filter query={query} />
        </>
      }
    >
      <Effects query={query} count={count} hasMore={next !== null} />
    </ConfirmPage>,
  );
}

function Filter({ query: { status, type, received_after } }: { query: ReplayQuery }) {
  return (
    <SinceForm
      action={href(`${PATH}/replay`)}
      name="received_after"
      sinceMs={received_after ?? null}
      button="Count again"
    >
      <label for="status">Status</label>
      <select id="status" name="status">
        {REPLAYABLE.map((name) => (
          <option value={name} selected={name === status}>
            {EVENT_LOOK[name].word}
          </option>
        ))}
      </select>
      <EventTypeSelect type={type} />
    </SinceForm>
  );
}

function Effects(props: { query: ReplayQuery; count: number; hasMore: boolean }) {
  const { query, count, hasMore } = props;
  const { word } = EVENT_LOOK[query.status];
  const timeZone = useContext(TimeZone);
  const since =
    query.received_after === undefined ? "" : `, received since ${exactTime(query.received_after, timeZone)}`;
  return (
    <>
      <li>
        <strong>{`${countWords(count, "event")}${hasMore ? " or more" : ""} fit`}</strong>
        {`: status '${word}', ${query.type ?? "of any type"}${since}.`}
        {count === 0 ? " There is nothing to do again." : ""}
        {query.cursor === undefined ? "" : " Those that were queued a moment ago are not counted."}
      </li>
      {hasMore ? (
        <li>{`The newest ${count.toLocaleString("en")} are taken; the others after that.`}</li>
      ) : null}
      <li>Events whose payload is past its age are left out: what they came to stays.</li>
      {count === 0 ? null : (
        <li>What is recorded already is recorded once: doing an event again adds nothing to it.</li>
      )}
    </>
  );
}
