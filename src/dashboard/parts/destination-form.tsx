// What a new event destination is asked for.

import type { AppError } from "../../platform/app-error.ts";
import { NOTIFICATION_TYPES, NOTIFICATIONS } from "../../platform/notification-types.ts";
import { newFormToken } from "../act.ts";
import { ActPage } from "./act-page.tsx";
import { Panel } from "./panel.tsx";

/** As it was typed; no type chosen is all of them. */
export type DestinationFields = { url: string; description: string; eventTypes: string[] };

export function DestinationForm(props: {
  action: string;
  back: string;
  fields: DestinationFields;
  problem: AppError | null;
}) {
  const { fields, problem } = props;
  return (
    <ActPage
      crumb={{ words: "Event destinations", href: props.back }}
      title="New event destination"
      note="Where your platform is told of what happens, signed."
    >
      <Panel title="Where to, and what">
        <form class="pad" method="post" action={props.action}>
          {problem ? (
            <p id="problem" class="field-error" role="alert">
              {wordsOf(problem)}
            </p>
          ) : null}
          <input type="hidden" name="token" value={newFormToken()} />
          <p class="field">
            <label for="url">URL</label>
            <input
              id="url"
              class="long"
              name="url"
              type="text"
              inputmode="url"
              autocomplete="off"
              spellcheck={false}
              required
              placeholder="https://example.com/hooks"
              value={fields.url}
              aria-describedby={problem ? "problem url-help" : "url-help"}
            />
            <span id="url-help" class="muted">
              https on port 443 or 8443, at a public address.
            </span>
          </p>
          <p class="field">
            <label for="description">Description</label>
            <input id="description" class="long" name="description" type="text" value={fields.description} />
          </p>
          <Types chosen={fields.eventTypes} />
          <div class="actions">
            <button class="primary" type="submit" name="confirm" value="yes">
              Create
            </button>
            <a class="button" href={props.back}>
              Cancel
            </a>
          </div>
        </form>
      </Panel>
    </ActPage>
  );
}

function Types({ chosen }: { chosen: readonly string[] }) {
  return (
    <details open={chosen.length > 0}>
      <summary>Only some types of event</summary>
      <fieldset class="types">
        <legend class="muted">None chosen: all of them, those to come as well.</legend>
        {NOTIFICATION_TYPES.map((type) => (
          <label>
            <input type="checkbox" name="event_types" value={type} checked={chosen.includes(type)} />
            <span>
              <span class="mono">{type}</span> <span class="muted">{NOTIFICATIONS[type]}</span>
            </span>
          </label>
        ))}
      </fieldset>
    </details>
  );
}

/** What is wrong with which field, where the refusal says it. */
function wordsOf(problem: AppError): string {
  return problem.errors?.map(({ message }) => message).join(" ") ?? problem.message;
}
