// What an event destination is asked for, a new one or one that is changed.

import type { AppError } from "../../platform/app-error.ts";
import { NOTIFICATION_TYPES, NOTIFICATIONS } from "../../platform/notification-types.ts";
import { newFormToken } from "../act.ts";
import { ActPage, type Crumb } from "./act-page.tsx";
import { CheckField, TextField } from "./field.tsx";
import { Notice, Panel } from "./panel.tsx";

/** As it was typed; no type chosen is all of them. */
export type DestinationFields = {
  url: string;
  description: string;
  eventTypes: string[];
  /** It may have the address of another. */
  twice: boolean;
};

/** @param props.problem why it was refused; `shared_url`: another has its address, and it was not said that it may */
export function DestinationForm(props: {
  crumb: Crumb;
  title: string;
  note: string;
  action: string;
  button: string;
  fields: DestinationFields;
  problem: AppError | "shared_url" | null;
}) {
  const { crumb, title, note, action, button, fields } = props;
  const problem = props.problem === "shared_url" ? null : props.problem;
  const typesProblem = problem?.errors?.find(({ path }) => path.startsWith("event_types"));
  return (
    <ActPage crumb={crumb} title={title} note={note}>
      <Panel title="Where to, and what">
        <form class="pad" method="post" action={action}>
          {problem === null ? null : (
            <Notice tone="bad">
              <p role="alert">{typesProblem?.message ?? problem.message}</p>
            </Notice>
          )}
          {props.problem === "shared_url" ? <SharedUrl /> : null}
          <input type="hidden" name="token" value={newFormToken()} />
          <TextField
            name="url"
            label="URL"
            help="https on port 443 or 8443, at a public address."
            value={fields.url}
            problem={problem}
            placeholder="https://example.com/hooks"
            required
          />
          <TextField
            name="description"
            label="Description"
            help="By which you tell it from others."
            value={fields.description}
            problem={problem}
            maxlength={500}
          />
          <Types chosen={fields.eventTypes} />
          <div class="actions">
            <button class="primary" type="submit" name="confirm" value="yes">
              {button}
            </button>
            <a class="button" href={crumb.href}>
              Cancel
            </a>
          </div>
        </form>
      </Panel>
    </ActPage>
  );
}

function SharedUrl() {
  return (
    <Notice tone="warn">
      <p role="alert">Another destination has this URL: what both listen to would be sent there twice.</p>
      <CheckField name="twice" label="Send it there twice" checked={false} />
    </Notice>
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
