// What of a search lies in the directory: the connection, by any of its ids; API keys and entries of the logs, for who may
// see them; the environment itself. The directory is asked only for what an id may be.

import { findApiKey } from "../directory/api-key-store.ts";
import { findNoted } from "../directory/audit-log-store.ts";
import { findSecurityEntry } from "../directory/security-log.ts";
import { readConnections } from "./connection-view.ts";
import type { DashboardContext } from "./dashboard-env.ts";
import { apiKeyInListHref, auditEntryHref, href, securityEntryHref } from "./hrefs.ts";
import { mayAct } from "./session/may-act.ts";
import { wordsOf } from "./status-words.ts";

/** With the page that shows it. */
export type Placed = {
  kind: string;
  name: string;
  detail: string | null;
  href: string;
  /** ms */
  createdAtMs: number;
};

/** @param ids the likeliest first */
export async function findInDirectory(c: DashboardContext, ids: readonly string[]): Promise<Placed[]> {
  for (const id of ids) {
    const [prefix = ""] = /^[a-z]+_/.exec(id) ?? [];
    const find = Object.hasOwn(FINDERS, prefix) ? FINDERS[prefix] : undefined;
    const found = (await find?.(c, id)) ?? null;
    if (found !== null) return [found];
  }
  return [];
}

type Find = (c: DashboardContext, id: string) => Promise<Placed | null>;

const FINDERS: Record<string, Find> = {
  conn_: findConnection,
  acct_: findConnection,
  we_: findConnection,
  ed_: findConnection,
  key_: findKey,
  aud_: findAuditEntry,
  sec_: findSecurity,
};

/** By its own id, its account's or that of its endpoint at Stripe; the live one first. */
async function findConnection(c: DashboardContext, id: string): Promise<Placed | null> {
  const { live, former } = await readConnections(c);
  const ofLive = live === null ? [] : [{ ...live.row, endpointId: live.row.webhookEndpointId }];
  const ofFormer = former.map(({ webhook_endpoint_id, account, created_at, ...one }) => ({
    ...{ id: one.id, name: one.name, accountId: account.id, endpointId: webhook_endpoint_id },
    createdAtMs: Date.parse(created_at),
  }));
  const found = [...ofLive, ...ofFormer].find((one) => [one.id, one.accountId, one.endpointId].includes(id));
  if (found === undefined) return null;
  const { name, accountId, createdAtMs } = found;
  return { kind: "connection", name, detail: accountId, href: href("/connections"), createdAtMs };
}

async function findKey(c: DashboardContext, id: string): Promise<Placed | null> {
  const session = c.get("session");
  if (!mayAct(session, "admin", "api_keys")) return null;
  const key = await findApiKey(c.get("deps"), session.principal.scope, id);
  if (key === undefined) return null;
  const { name, keyHint, createdAtMs } = key;
  return { kind: "api_key", name, detail: keyHint, href: apiKeyInListHref(id), createdAtMs };
}

async function findAuditEntry(c: DashboardContext, id: string): Promise<Placed | null> {
  const session = c.get("session");
  if (!mayAct(session, "admin")) return null;
  const entry = await findNoted(c.get("deps"), session.principal.scope, id);
  if (entry === undefined) return null;
  const { action, object, createdAtMs } = entry;
  return {
    kind: "audit_entry",
    name: wordsOf(action),
    detail: object,
    href: auditEntryHref(entry),
    createdAtMs,
  };
}

async function findSecurity(c: DashboardContext, id: string): Promise<Placed | null> {
  const session = c.get("session");
  if (!mayAct(session, "admin")) return null;
  const entry = await findSecurityEntry(c.get("deps"), session.principal.scope, id);
  if (entry === undefined) return null;
  const { event, outcome, createdAtMs } = entry;
  return {
    ...{ kind: "security_entry", name: wordsOf(event), detail: outcome },
    ...{ href: securityEntryHref(createdAtMs), createdAtMs },
  };
}
