// Opens sessions of the dashboard: with an API key at once, or for a person by a link that works once, within five
// minutes. A session ends with its key at the latest and never has more than that.

import type { KeyPrincipal, Role } from "../http/app-env.ts";
import { lookUp } from "../http/refused-addresses.ts";
import { originErrors } from "../platform/allowed-origins.ts";
import { invalid, refuse } from "../platform/app-error.ts";
import type { Deps } from "../platform/deps.ts";
import { newId } from "../platform/ids.ts";
import { sha256Hex } from "../platform/sha256.ts";
import { urlProblem } from "../platform/url-problem.ts";
import { newApiKey } from "./api-key.ts";
import { auditEntry } from "./audit.ts";
import {
  findSessionByLink,
  insertSession,
  openByLink,
  type SessionRow,
  UNOPENED,
} from "./dashboard-session-store.ts";
import { getSettings } from "./environment-settings.ts";
import { type Right, ROLE_RANK, rightsProblem } from "./key-rights.ts";
import { noteSecurity } from "./security-log.ts";
import { type Person, SESSION_LASTS_MS } from "./session-owner.ts";

/** For whoever has just shown the key. */
export async function openWithKey(deps: Deps, { keyId, scope }: KeyPrincipal): Promise<SessionRow> {
  const now = deps.now();
  const row: SessionRow = {
    ...UNOPENED,
    environmentId: scope.environmentId,
    id: newId("dse"),
    tenantId: scope.tenantId,
    way: "key",
    keyId,
    lastsMs: SESSION_LASTS_MS,
    openedAtMs: now,
    confirmedAtMs: now,
    lastSeenAtMs: now,
    expiresAtMs: now + SESSION_LASTS_MS,
    ip: deps.actor.ip,
    createdAtMs: now,
  };
  await insertSession(deps, row);
  await noteSecurity(as(deps, keyId), {
    event: "session.opened",
    outcome: "ok",
    scope,
    keyId,
    detail: { way: "key" },
  });
  return row;
}

export type Invitation = {
  role: Role;
  rights?: Right[] | undefined;
  person: Person;
  returnUrl: string | null;
  /** ms */
  lastsMs: number;
};

export const LINK_LASTS_MS = 5 * 60 * 1000;
// Masked in every log line, as whatever begins with qt_ is (platform/logger.ts).
const LINK = /^qt_link_[A-Za-z0-9]{43}$/;

/**
 * Makes the link for a person. It is in the answer alone: what is kept is its hash.
 * @throws AppError `validation_failed` for a role or right that the key has not, and an address that payers may not be
 * sent to either
 */
export async function inviteToDashboard(
  deps: Deps,
  { keyId, scope, role, rights, livemode }: KeyPrincipal,
  input: Invitation,
): Promise<{ row: SessionRow; path: string }> {
  if (ROLE_RANK[input.role] > ROLE_RANK[role])
    throw invalid("role", `This key is '${role}': it can give no '${input.role}'.`);
  const problem = rightsProblem(input.role, input.rights ?? []);
  const beyond = input.rights?.find((right) => !rights.includes(right));
  if (problem !== null) throw invalid("rights", problem);
  if (beyond !== undefined) throw invalid("rights", `This key has no right '${beyond}', and cannot give it.`);
  await checkReturnUrl(deps, scope, livemode, input.returnUrl);

  const token = `qt_link_${newApiKey().slice(3)}`;
  const now = deps.now();
  const { person } = input;
  const row: SessionRow = {
    ...UNOPENED,
    environmentId: scope.environmentId,
    id: newId("dse"),
    tenantId: scope.tenantId,
    way: "link",
    keyId,
    role: input.role,
    rights: input.rights ?? null,
    actorId: person.id,
    actorName: person.name,
    actorEmail: person.email,
    returnUrl: input.returnUrl,
    linkHash: await sha256Hex(token),
    lastsMs: input.lastsMs,
    expiresAtMs: now + LINK_LASTS_MS,
    createdAtMs: now,
  };
  const detail = { actor_id: person.id, actor_name: person.name, role: input.role };
  const act = {
    action: "dashboard_session.created",
    object: "dashboard_session",
    objectId: row.id,
    detail,
  } as const;
  await insertSession(deps, row, [auditEntry(deps, scope, act)]);
  await noteSecurity(deps, { event: "session.link_made", outcome: "ok", scope, keyId, detail });
  return { row, path: `/dashboard/open/${token}` };
}

async function checkReturnUrl(
  deps: Deps,
  scope: KeyPrincipal["scope"],
  livemode: boolean,
  url: string | null,
): Promise<void> {
  if (url === null) return;
  const problem = urlProblem(url, livemode ? "https" : "loopback_too");
  if (problem !== null) throw invalid("return_url", problem);
  const { settings } = await getSettings(deps, scope);
  refuse(originErrors("return_url", url, settings.allowed_origins));
}

/** Whether it can be a link's token at all. */
export function isLinkToken(token: string): boolean {
  return LINK.test(token);
}

/**
 * Opens the session of a link. Null: no such link, or it was used, or is older than five minutes.
 * @throws AppError `rate_limited` (429) for an address that tried too many links that nobody has
 */
export async function openWithLink(deps: Deps, token: string): Promise<SessionRow | null> {
  if (!isLinkToken(token)) return null;
  const linkHash = await sha256Hex(token);
  const known = await lookUp(
    deps,
    "link",
    linkHash,
    async () => (await findSessionByLink(deps, linkHash)) ?? null,
  );
  const row = known ? await openByLink(deps, linkHash) : null;
  const scope = known ? { tenantId: known.tenantId, environmentId: known.environmentId } : null;
  await noteSecurity(as(deps, known?.actorId ?? null, known?.actorName), {
    event: row ? "session.opened" : "session.refused",
    outcome: row ? "ok" : "refused",
    scope,
    keyId: known?.keyId ?? null,
    detail: { way: "link" },
    ...(row ? {} : { oncePerHour: known?.id ?? "unknown link" }),
  });
  return row;
}

/** Who comes is known by what they brought. */
function as(deps: Deps, id: string | null, name: string | null = null): Deps {
  return { ...deps, actor: { kind: "dashboard", id, name, ip: deps.actor.ip } };
}
