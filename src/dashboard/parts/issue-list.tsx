// Issues as rows: what is the matter, what it costs, since when, and the one button.

import type { Issue } from "../../issues/find-issues.ts";
import type { Session } from "../dashboard-env.ts";
import { issueAction } from "../issue-action.ts";
import { Icon } from "../layout/icon.tsx";
import { relativeTime } from "../time-words.ts";
import { Moment } from "./time.tsx";

type IssuesProps = {
  session: Session;
  /** The page that they stand on: no button leads to where one is. */
  here?: string;
  now: number;
};

export function IssueList({ issues, ...props }: IssuesProps & { issues: readonly Issue[] }) {
  return (
    <ul class="issues">
      {issues.map((issue) => (
        <IssueRow issue={issue} {...props} />
      ))}
    </ul>
  );
}

function IssueRow({ issue, session, here, now }: IssuesProps & { issue: Issue }) {
  const { severity, title, detail, sinceMs } = issue;
  const action = issueAction(issue, session);
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
      {action.path === here ? null : (
        <a class="button act-on" href={`/dashboard${action.path}`}>
          {action.words}
        </a>
      )}
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
