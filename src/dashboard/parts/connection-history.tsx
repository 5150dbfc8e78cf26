// What was done to a connection, newest first, and by whom.

import type { AuditLogRow } from "../../platform/audit-page.ts";
import { href } from "../hrefs.ts";
import { type Tone, wordsOf } from "../status-words.ts";
import { Panel } from "./panel.tsx";
import { ExactTime } from "./time.tsx";

const TITLES: Record<string, readonly [title: string, tone: Tone]> = {
  "connection.created": ["Connected", "good"],
  "connection.updated": ["Name or sync changed", "info"],
  "connection.enabled": ["Resumed", "good"],
  "connection.disabled": ["Paused", "warn"],
  "connection.secret_key_changed": ["Key replaced", "info"],
  "connection.webhook_secret_changed": ["Signing secret replaced", "info"],
  "connection.webhook_secret_overlap_changed": ["Overlap of signing secrets changed", "info"],
  "connection.webhook_endpoint_repaired": ["Event destination mended", "info"],
  "connection.webhook_endpoint_replaced": ["Event destination made anew", "info"],
  "connection.disconnected": ["Disconnected", "bad"],
};

export function ConnectionHistory(props: {
  connectionId: string;
  entries: readonly AuditLogRow[];
  now: number;
}) {
  const { connectionId, entries, now } = props;
  return (
    <Panel title="History" more={<a href={href("/audit-log", { object_id: connectionId })}>Audit log</a>}>
      {entries.length === 0 ? (
        <p class="pad muted">Nothing is noted yet.</p>
      ) : (
        <ol class="timeline">
          {entries.map((entry) => {
            const [title, tone] = TITLES[entry.action] ?? [wordsOf(entry.action), "idle"];
            return (
              <li class={tone}>
                <p>
                  <strong>{title}</strong>
                </p>
                <p class="muted">
                  <ExactTime ms={entry.createdAtMs} now={now} />
                  {` · ${actorOf(entry)}`}
                </p>
              </li>
            );
          })}
        </ol>
      )}
    </Panel>
  );
}

/** A person by name; else whose key or what part of Quittance it was. */
function actorOf({ actorKind, actorName, actorId }: AuditLogRow): string {
  if (actorName !== null) return actorName;
  return actorId === null ? wordsOf(actorKind) : `${wordsOf(actorKind)} ${actorId}`;
}
