// Issues as rows: what is the matter, what it costs, since when, and the one button.

import type { Issue } from "../../issues/find-issues.ts";
import { Icon } from "../layout/icon.tsx";
import { relativeTime } from "../time-words.ts";
import { Moment } from "./time.tsx";

export function IssueList({ issues, now }: { issues: readonly Issue[]; now: number }) {
  return (
    <ul class="issues">
      {issues.map((issue) => (
        <IssueRow issue={issue} now={now} />
      ))}
    </ul>
  );
}

function IssueRow({ issue, now }: { issue: Issue; now: number }) {
  const { severity, title, detail, sinceMs, action } = issue;
  return (
    <li class={`issue ${severity === "critical" ? "bad" : "warn"}`}>
      <div>
        <strong>
          <span class="unseen">{severity === "critical" ? "Critical: " : "Warning: "}</span>
          {title}
        </strong>
        <p>
          {detail}
          {sinceMs === null ? null : (
            <>
              {" Since "}
              <Moment ms={sinceMs} now={now} />.
            </>
          )}
        </p>
      </div>
      <a class="button act-on" href={`/dashboard${action.path}`}>
        {action.words}
      </a>
    </li>
  );
}

/** @param props.lastWebhookAtMs null: none has come yet */
export function AllClear({ lastWebhookAtMs, now }: { lastWebhookAtMs: number | null; now: number }) {
  return (
    <p class="all-clear">
      <Icon name="check" />
      <span>
        <strong>All clear.</strong>{" "}
        {lastWebhookAtMs === null
          ? "Nothing needs you."
          : `Last webhook ${relativeTime(lastWebhookAtMs, now)}.`}
      </span>
    </p>
  );
}
