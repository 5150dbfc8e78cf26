// The one button of an issue, for whoever looks: what they may not do they are not offered, but are led to where it
// shows. Pure.

import type { Issue } from "../issues/find-issues.ts";
import type { Session } from "./dashboard-env.ts";
import { mayAct } from "./session/may-act.ts";

/** @returns its path is below `/dashboard` */
export function issueAction({ action }: Issue, session: Session): Issue["action"] {
  const { path } = action;
  if (/^\/connections\/|^\/guide\//.test(path) && !mayAct(session, "admin", "connections"))
    return { words: "See the connection", path: "/connections" };
  if (/\/recover$/.test(path) && !mayAct(session, "admin", "event_destinations"))
    return { words: "See the destination", path: path.replace(/\/recover$/, "") };
  return action;
}
