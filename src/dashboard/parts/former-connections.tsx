// The connections that an environment had before its present one.

import type { DescribedConnection } from "../../connections/describe-connections.ts";
import { countWords } from "../status-words.ts";
import { Time } from "./time.tsx";

/** Folded: their secrets are erased, and their history stays. */
export function FormerConnections({ former, now }: { former: readonly DescribedConnection[]; now: number }) {
  if (former.length === 0) return null;
  return (
    <details class="panel pad">
      <summary>{countWords(former.length, "former connection")}</summary>
      <ul>
        {former.map(({ id, name, account, status_detail, created_at }) => (
          <li>
            <strong>{name}</strong> {account.display_name ?? account.id} <code>{id}</code>
            <span class="reason">
              {status_detail} Connected <Time ms={Date.parse(created_at)} now={now} />
            </span>
          </li>
        ))}
      </ul>
    </details>
  );
}
