// What is offered on an event destination's page, and what came of its test.

import type * as z from "zod";
import type { DestinationRow } from "../../ledger/notifications/destinations.ts";
import type { testResultSchema } from "../../notifications/schema.ts";
import { NOTIFICATION_TYPES } from "../../platform/notification-types.ts";
import { newFormToken } from "../act.ts";
import { destinationHref } from "../hrefs.ts";
import { milliseconds } from "../time-words.ts";
import { Badge } from "./badge.tsx";
import { Named } from "./filter-bar.tsx";
import { Panel } from "./panel.tsx";

export function DestinationActions({ destination }: { destination: DestinationRow }) {
  const { id, isActive, eventTypes } = destination;
  const path = destinationHref(id);
  const first = eventTypes?.[0] ?? "invoice.paid";
  return (
    <Panel title="Actions">
      <div class="pad">
        <form class="filter" method="post" action={`${path}/test`}>
          <input type="hidden" name="token" value={newFormToken()} />
          <Named>
            <label for="type">An example</label>
            <select id="type" name="type">
              {NOTIFICATION_TYPES.map((type) => (
                <option value={type} selected={type === first}>
                  {type}
                </option>
              ))}
            </select>
          </Named>
          <button type="submit">Send it</button>
        </form>
        <div class="actions">
          <a class="button" href={`${path}/edit`}>
            Edit…
          </a>
          <a class="button" href={`${path}/recover`}>
            Recover failed deliveries…
          </a>
          <a class="button" href={`${path}/rotate-secret`}>
            Rotate the secret…
          </a>
          <a class="button" href={`${path}/${isActive ? "switch-off" : "switch-on"}`}>
            {isActive ? "Switch off…" : "Switch on…"}
          </a>
          <a class="button danger" href={`${path}/delete`}>
            Delete…
          </a>
        </div>
      </div>
    </Panel>
  );
}

/** What came back was written by the destination: it is shown as text. */
export function Tested({ result }: { result: z.infer<typeof testResultSchema> }) {
  const { ok, type, error, message_id, response_status, duration_ms, response } = result;
  return (
    <Panel title="The test">
      <div class="pad" role="status">
        <p class="state">
          <Badge tone={ok ? "good" : "bad"}>
            {response_status === null ? "no answer" : `${response_status}`}
          </Badge>{" "}
          <span>{`${type}: ${ok ? "it was taken" : "it was not taken"}, after ${milliseconds(duration_ms ?? 0)}`}</span>
        </p>
        {error === null ? null : <p>{error}</p>}
        {response ? <pre class="answer">{response}</pre> : null}
        <p class="muted">
          webhook-id <code>{message_id}</code>, and <code>test: true</code> in the body. It is no delivery: it
          is not tried again, and changes nothing.
        </p>
      </div>
    </Panel>
  );
}
