// How far a run over all customers is, or how the last one went.

import type { ShownRun } from "../../ledger/customers/start-run.ts";
import { countWords, wordsOf } from "../status-words.ts";
import { Facts, Notice } from "./panel.tsx";
import { ExactTime } from "./time.tsx";

const TITLES = { import: "Import from Stripe", sync: "All in step with Stripe" } as const;

export function CustomerRunState({ run, now }: { run: ShownRun; now: number }) {
  const counts: [string, number][] = [
    ["Seen at Stripe", run.seen],
    ["New here", run.created],
    ["Linked", run.linked],
    ["Changed here", run.changed],
    ["Sent to Stripe", run.pushed],
    ["Could not be sent", run.failed],
  ];
  const left = Object.entries(run.skipped).map(([reason, count]) => `${wordsOf(reason)}: ${count}`);
  return (
    <div class="pad">
      <h3>{TITLES[run.kind]}</h3>
      <p>{stateOf(run)}</p>
      {run.error === null ? null : (
        <Notice tone={run.status === "failed" ? "bad" : "warn"}>{run.error}</Notice>
      )}
      <Facts
        facts={[
          ["Begun", <ExactTime ms={run.startedAtMs} now={now} />],
          ["Ended", run.finishedAtMs === null ? null : <ExactTime ms={run.finishedAtMs} now={now} />],
          ...counts.map(([words, count]): [string, string | null] => [
            words,
            count === 0 ? null : count.toLocaleString("en"),
          ]),
          ["Left out", left.length === 0 ? null : left.join(", ")],
        ]}
      />
    </div>
  );
}

function stateOf(run: ShownRun): string {
  if (run.status === "done") return "Done.";
  if (run.status === "failed") return "It gave up. What it had taken in stays; asking again begins anew.";
  if (run.waits) return "It waits for the Stripe connection, and goes on by itself once that works.";
  return `Under way: ${countWords(run.pages, "page")} so far. It goes on by itself.`;
}
