// Root's sessions in the console: an hour at most, a quarter of one without use, and over at once when ROOT_TOKEN is
// another.

import type { Deps } from "../platform/deps.ts";
import { newId } from "../platform/ids.ts";
import { sha256Hex } from "../platform/sha256.ts";
import {
  findSessionRow,
  insertSession,
  markSession,
  type SessionRow,
  UNOPENED,
} from "./dashboard-session-store.ts";
import { noteSecurity, ROOT_SCOPE } from "./security-log.ts";
import { isLive, touchSession } from "./session-owner.ts";

const LASTS_MS = 60 * 60 * 1000;
const IDLES_MS = 15 * 60 * 1000;

/** For whoever has just shown ROOT_TOKEN. */
export async function openConsole(deps: Deps): Promise<SessionRow> {
  const now = deps.now();
  const row: SessionRow = {
    ...UNOPENED,
    ...ROOT_SCOPE,
    id: newId("dse"),
    way: "root",
    keyId: await markOfRoot(deps),
    lastsMs: LASTS_MS,
    openedAtMs: now,
    confirmedAtMs: now,
    lastSeenAtMs: now,
    expiresAtMs: now + LASTS_MS,
    ip: deps.actor.ip,
    createdAtMs: now,
  };
  await insertSession(deps, row);
  await noteSecurity(deps, {
    event: "session.opened",
    outcome: "ok",
    scope: ROOT_SCOPE,
    detail: { way: "root" },
  });
  return row;
}

/** The open session of this id; null once it has ended. */
export async function findConsoleSession(deps: Deps, id: string): Promise<SessionRow | null> {
  const row = await findSessionRow(deps, ROOT_SCOPE, id);
  if (!row || !isLive(row, deps.now(), IDLES_MS) || row.keyId !== (await markOfRoot(deps))) return null;
  await touchSession(deps, row);
  return row;
}

export async function endConsole(deps: Deps, row: SessionRow): Promise<void> {
  await markSession(deps, row, "endedAtMs");
  await noteSecurity(deps, {
    event: "session.ended",
    outcome: "ok",
    scope: ROOT_SCOPE,
    detail: { way: "root" },
  });
}

/** One row a minute of all who try: nobody fills the log by guessing. */
export async function noteConsoleRefusal(deps: Deps): Promise<void> {
  const minute = Math.floor(deps.now() / 60_000);
  await noteSecurity(deps, {
    event: "session.refused",
    outcome: "refused",
    scope: ROOT_SCOPE,
    detail: { way: "root" },
    oncePerHour: `console/${minute}`,
  });
}

/** Of 256 random bits nothing is told by a part of their hash. */
async function markOfRoot({ config }: Deps): Promise<string> {
  return (await sha256Hex(`console\n${config.rootToken}`)).slice(0, 32);
}
