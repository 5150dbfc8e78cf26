// Root's sessions in the console: an hour at most, a quarter of one without use, and over at once when ROOT_TOKEN is
// another. One of a person whom Cloudflare Access let in is good as long as its assertion comes along.

import { isOperator } from "../platform/access-config.ts";
import type { Actor, Deps } from "../platform/deps.ts";
import { newId } from "../platform/ids.ts";
import { sha256Hex } from "../platform/sha256.ts";
import type { AccessPerson } from "./access-person.ts";
import {
  findSessionRow,
  insertSession,
  markSession,
  type SessionRow,
  UNOPENED,
} from "./dashboard-session-store.ts";
import { noteSecurity, ROOT_SCOPE } from "./security-log.ts";
import { isLive, touchSession } from "./session-owner.ts";

export const CONSOLE_LASTS_MS = 60 * 60 * 1000;
const IDLES_MS = 15 * 60 * 1000;

/** @param person whom Cloudflare Access let in; null: whoever has just shown ROOT_TOKEN */
export async function openConsole(deps: Deps, person: AccessPerson | null): Promise<SessionRow> {
  const now = deps.now();
  const row: SessionRow = {
    ...UNOPENED,
    ...ROOT_SCOPE,
    id: newId("dse"),
    way: person === null ? "root" : "access",
    keyId: person === null ? await markOfRoot(deps) : null,
    actorId: person?.id ?? null,
    actorName: person?.email ?? null,
    actorEmail: person?.email ?? null,
    lastsMs: CONSOLE_LASTS_MS,
    openedAtMs: now,
    confirmedAtMs: now,
    lastSeenAtMs: now,
    expiresAtMs: now + CONSOLE_LASTS_MS,
    ip: deps.actor.ip,
    createdAtMs: now,
  };
  await insertSession(deps, row);
  await note(deps, row, "session.opened");
  return row;
}

/**
 * The open session of this id; null once it has ended.
 * @param person whom Cloudflare Access has let in with this request
 */
export async function findConsoleSession(
  deps: Deps,
  id: string,
  person: () => Promise<AccessPerson | null>,
): Promise<SessionRow | null> {
  const row = await findOpenConsole(deps, id);
  if (!row || !isLive(row, deps.now(), IDLES_MS)) return null;
  if (row.way === "access" && row.actorId !== (await person())?.id) return null;
  await touchSession(deps, row);
  return row;
}

/** The same without its person, and though nobody used it for long: what was opened from it goes on as long. */
export async function findOpenConsole(deps: Deps, id: string): Promise<SessionRow | null> {
  const row = await findSessionRow(deps, ROOT_SCOPE, id);
  if (!row || !isLive(row, deps.now(), CONSOLE_LASTS_MS)) return null;
  if (row.way === "root") return row.keyId === (await markOfRoot(deps)) ? row : null;
  const { access } = deps.config;
  return access !== null && isOperator(access, row.actorEmail ?? "") ? row : null;
}

export async function endConsole(deps: Deps, row: SessionRow): Promise<void> {
  await markSession(deps, row, "endedAtMs");
  await note(deps, row, "session.ended");
}

/** Whoever holds it has just shown once more that it is theirs. */
export async function confirmConsole(deps: Deps, row: SessionRow): Promise<void> {
  await markSession(deps, row, "confirmedAtMs");
  await note(deps, row, "session.confirmed");
}

/** Who acts in the console: root, and by Cloudflare Access a person. */
export function operatorOf({ actorId, actorName }: SessionRow, ip: string | null): Actor {
  return { kind: "root", id: actorId, name: actorName, ip };
}

function note(
  deps: Deps,
  row: SessionRow,
  event: "session.opened" | "session.confirmed" | "session.ended",
): Promise<void> {
  const actor = operatorOf(row, deps.actor.ip);
  return noteSecurity(
    { ...deps, actor },
    { event, outcome: "ok", scope: ROOT_SCOPE, detail: { way: row.way } },
  );
}

/**
 * One row a minute of all who try by a way: nobody fills the log by guessing.
 * @param why what was wrong with the assertion; null where ROOT_TOKEN was
 */
export async function noteConsoleRefusal(deps: Deps, why: string | null): Promise<void> {
  const way = why === null ? "root" : "access";
  const minute = Math.floor(deps.now() / 60_000);
  await noteSecurity(deps, {
    event: "session.refused",
    outcome: "refused",
    scope: ROOT_SCOPE,
    detail: why === null ? { way } : { way, reason: why },
    oncePerHour: `console/${way === "root" ? "" : "access/"}${minute}`,
  });
}

/** Of 256 random bits nothing is told by a part of their hash. */
async function markOfRoot({ config }: Deps): Promise<string> {
  return (await sha256Hex(`console\n${config.rootToken}`)).slice(0, 32);
}
