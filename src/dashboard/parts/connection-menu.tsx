// What can be done to a connection: the acts on the whole of it, and the link to one.

import type { DescribedConnection } from "../../connections/describe-connections.ts";
import { newFormToken } from "../act.ts";
import { type ConnectionAct, connectionHref } from "../hrefs.ts";
import { Menu } from "./menu.tsx";

/** Of the page's head: what can be done to the connection as a whole. */
export function ConnectionMenu({ connection }: { connection: DescribedConnection }) {
  const { id, is_active } = connection;
  return (
    <div class="actions">
      <form method="post" action={connectionHref(id, "test")}>
        <input type="hidden" name="token" value={newFormToken()} />
        <button type="submit" name="confirm" value="yes">
          Test
        </button>
      </form>
      <a class="button" href={connectionHref(id, is_active ? "pause" : "resume")}>
        {is_active ? "Pause…" : "Resume…"}
      </a>
      <Menu label="More acts">
        <a href={connectionHref(id, "settings")}>Name and sync…</a>
        <a class="danger" href={connectionHref(id, "disconnect")}>
          Disconnect…
        </a>
      </Menu>
    </div>
  );
}

export function ActLink({ id, act, words }: { id: string; act: ConnectionAct; words: string }) {
  return <a href={connectionHref(id, act)}>{words}</a>;
}
