// Whether the installation is up and ready, as /readyz says it to root, what lies under which key, which queues bring
// their messages, and what gave up over all environments.

import { type KeyUse, noteSealingKey, readKeyringUse } from "../../directory/keyring-use.ts";
import { type PulseTotals, sumPulses } from "../../directory/pulses.ts";
import { listQueues, type QueueState } from "../../directory/queue-runs.ts";
import { RESEAL_AT_ONCE, resealSecrets } from "../../directory/reseal-secrets.ts";
import { countUnreadable } from "../../directory/unreadable-messages.ts";
import type { DashboardContext } from "../dashboard-env.ts";
import { Badge } from "../parts/badge.tsx";
import { PageNote } from "../parts/page-note.tsx";
import { PageHead, Panel } from "../parts/panel.tsx";
import { None, Table } from "../parts/table.tsx";
import { StatTiles } from "../parts/tiles.tsx";
import { Time } from "../parts/time.tsx";
import { countWords, wordsOf } from "../status-words.ts";
import { renderConsole } from "./console-page.tsx";

/** What /readyz answers root; of a room that stands above this one. */
export type CheckReadiness = (
  env: Env,
  origin: string,
) => Promise<{ ready: boolean; checks: { name: string; ok: boolean; detail: string }[] }>;

const MOST_MESSAGES = 1_000;

export function showConsoleHealth(checkReadiness: CheckReadiness) {
  return async (c: DashboardContext) => {
    const deps = c.get("deps");
    await noteSealingKey(deps);
    const [{ ready, checks }, totals, messages, keys, queues] = await Promise.all([
      checkReadiness(c.env, new URL(c.req.url).origin),
      sumPulses(deps),
      countUnreadable(deps, MOST_MESSAGES),
      readKeyringUse(deps),
      listQueues(deps),
    ]);
    return renderConsole(
      c,
      { title: "Health", place: "Health" },
      <>
        <PageHead title="Health">
          <Badge tone={ready ? "good" : "bad"}>{ready ? "Ready" : "Not ready"}</Badge>
        </PageHead>
        <PageNote c={c} />
        <StatTiles tiles={tilesOf(totals, messages)} />
        <Panel title="Checks" more={<a href="/readyz">/readyz</a>}>
          <ul class="checks pad">
            {checks.map(({ name, ok, detail }) => (
              <li>
                <Badge tone={ok ? "good" : "bad"}>{wordsOf(name)}</Badge>
                <span>{detail}</span>
              </li>
            ))}
          </ul>
        </Panel>
        <Queues queues={queues} now={deps.now()} />
        <Keyring keys={keys} now={deps.now()} />
      </>,
    );
  };
}

export async function reseal(c: DashboardContext) {
  const { remaining } = await resealSecrets(c.get("deps"), RESEAL_AT_ONCE);
  return c.redirect(`/console?done=${remaining === 0 ? "resealed" : "resealed_some"}`, 303);
}

function tilesOf(totals: PulseTotals, messages: number) {
  const to = "/console/environments";
  const figure = (value: number) => [value.toLocaleString("en")];
  return [
    {
      name: "Environments",
      to,
      values: figure(totals.environments),
      more: totals.filling === 0 ? "none is filling up" : `${totals.filling} filling up`,
    },
    {
      name: "Gave up",
      to,
      values: figure(totals.deadEvents + totals.deadWork),
      more: `${countWords(totals.deadEvents, "event")}, ${countWords(totals.deadWork, "job")}`,
    },
    {
      name: "Not delivered",
      to,
      values: figure(totals.failedDeliveries),
      more: `${countWords(totals.failingDestinations, "failing destination")}`,
    },
    {
      name: "Unreadable messages",
      to: "/console/messages",
      values: [messages >= MOST_MESSAGES ? `${MOST_MESSAGES.toLocaleString("en")}+` : String(messages)],
      more: totals.waitingWork === 0 ? "no job waits" : `${countWords(totals.waitingWork, "job")} waiting`,
    },
  ];
}

function Queues({ queues, now }: { queues: readonly QueueState[]; now: number }) {
  return (
    <Panel title="Queues">
      <Table
        caption="Queues"
        rows={queues}
        columns={[
          { head: "Queue", cell: ({ kind }) => <code>{kind}</code> },
          {
            head: "State",
            tag: true,
            cell: ({ ranAtMs, unansweredSinceMs }) => {
              if (unansweredSinceMs !== null) return <Badge tone="warn">Asked, no answer yet</Badge>;
              return ranAtMs === null ? (
                <Badge tone="idle">Not asked yet</Badge>
              ) : (
                <Badge tone="good">Served</Badge>
              );
            },
          },
          {
            head: "Last message",
            isTime: true,
            cell: ({ ranAtMs }) => (ranAtMs === null ? <None /> : <Time ms={ranAtMs} now={now} />),
          },
        ]}
      />
    </Panel>
  );
}

const KEY_WORDS = {
  seals: ["good", "Seals"],
  opens: ["info", "Opens"],
  gone: ["bad", "Gone"],
} as const satisfies Record<KeyUse["status"], readonly [string, string]>;

function Keyring({ keys, now }: { keys: readonly KeyUse[]; now: number }) {
  return (
    <Panel
      title="Keyring"
      more={
        <form method="post" action="/console/keyring/reseal">
          <button class="small" type="submit">
            Reseal
          </button>
        </form>
      }
    >
      <Table
        caption="Keys of ENCRYPTION_KEYS"
        rows={keys}
        columns={[
          { head: "Key", cell: ({ keyId }) => <code>{keyId}</code> },
          {
            head: "State",
            tag: true,
            cell: ({ status }) => {
              const [tone, word] = KEY_WORDS[status];
              return <Badge tone={tone}>{word}</Badge>;
            },
          },
          { head: "Secrets", right: true, cell: ({ secrets }) => secrets.toLocaleString("en") },
          {
            head: "Removable",
            cell: ({ mayBeRemoved, answersUntilMs }) => {
              if (mayBeRemoved) return "yes";
              if (answersUntilMs === null) return "no";
              return (
                <>
                  not before <Time ms={answersUntilMs} now={now} />
                </>
              );
            },
          },
        ]}
      />
    </Panel>
  );
}
