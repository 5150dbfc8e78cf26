// Webhook events are done again by filter: counted first, then confirmed, then put on the queue.

import { useContext } from "hono/jsx";
import * as z from "zod";
import { encodeCursor, pageQuery, readPage } from "../../http/list.ts";
import type { AppError } from "../../platform/app-error.ts";
import { cutPage } from "../../platform/paging.ts";
import { positionOfEvent } from "../../platform/tables/webhook-events.ts";
import { REPLAY_LIMIT, replayEvents } from "../../webhooks/replay-events.ts";
import { attemptOnce, readForm } from "../act.ts";
import { askLedger } from "../ask-ledger.ts";
import type { DashboardContext } from "../dashboard-env.ts";
import { href } from "../hrefs.ts";
import { renderPage } from "../layout/render.tsx";
import {
  MATCHING_FIELDS,
  MATCHING_NAMES,
  matchingFields,
  matchingFilter,
  matchingWords,
} from "../matching-events.ts";
import { ConfirmPage } from "../parts/confirm-page.tsx";
import { EventTypeSelect } from "../parts/event-type-select.tsx";
import { PageNote } from "../parts/page-note.tsx";
import { SinceForm } from "../parts/since-form.tsx";
import { TimeZone } from "../parts/time-zone.ts";
import { readFields, readFilters } from "../read-query.ts";
import { countWords, EVENT_LOOK } from "../status-words.ts";

const PATH = "/webhook-events";
const REPLAYABLE = ["dead", "failed", "ignored"] as const;

const replayQuery = z.strictObject({
  status: z.enum(REPLAYABLE),
  ...MATCHING_FIELDS,
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
  const names = ["status", ...MATCHING_NAMES, "cursor"];
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

function filterOf({ status, ...query }: ReplayQuery) {
  return { ...matchingFilter(query), status };
}

function afterOf({ cursor }: ReplayQuery) {
  return readPage({ limit: REPLAY_LIMIT, cursor }).after;
}

function fieldsOf({ status, cursor, ...query }: ReplayQuery) {
  return { ...matchingFields(query), status, cursor };
}

/** @param problem why it was refused */
async function renderReplay(c: DashboardContext, query: ReplayQuery, problem: AppError | null) {
  // As the verb will take them.
  const fitting = { ...filterOf(query), isReadable: true };
  const page = { limit: REPLAY_LIMIT, after: afterOf(query) };
  const { found } = await askLedger(c, { found: ["listWebhookEvents", { filter: fitting, page }] });
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

/** What the list was narrowed by beside these is kept. */
function Filter({ query: { status, type, received_after, ...query } }: { query: ReplayQuery }) {
  const { cursor: _cursor, ...kept } = fieldsOf({ ...query, status });
  return (
    <SinceForm
      action={href(`${PATH}/replay`)}
      name="received_after"
      sinceMs={received_after ?? null}
      button="Count again"
    >
      {Object.entries(kept).map(([name, value]) =>
        value === undefined || name === "status" ? null : <input type="hidden" name={name} value={value} />,
      )}
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
  return (
    <>
      <li>
        <strong>{`${countWords(count, "event")}${hasMore ? " or more" : ""} fit`}</strong>
        {`: status '${word}', ${matchingWords(query, timeZone)}.`}
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
