// Middleware that says who may use a route. A missing or wrong credential is 401, a role too low 403.

import type { MiddlewareHandler } from "hono";
import { createMiddleware } from "hono/factory";
import type { AppContext, AppEnv, KeyPrincipal, Role } from "../http/app-env.ts";
import { bearerOf } from "../http/bearer.ts";
import { AppError } from "../platform/app-error.ts";
import type { Actor, Deps } from "../platform/deps.ts";
import { authenticateApiKey, authenticateRoot, isRootToken, unauthorized } from "./authenticate.ts";
import { RIGHT_WORDS, type Right, ROLE_RANK } from "./key-rights.ts";
import { noteSecurity } from "./security-log.ts";

// By the middleware itself, so that the docs tell of each door what it really asks for.
const leastRoles = new WeakMap<object, "root" | Role>();

/**
 * @param least `root`, or the least role that an API key must have
 * @param options.orRoot root is let in as well
 * @param options.right what the key must have besides: one that was made without it is refused
 */
export function access(
  least: "root" | Role,
  options: { orRoot?: boolean; right?: Right } = {},
): MiddlewareHandler<AppEnv> {
  const guard = createMiddleware<AppEnv>(async (c, next) => {
    const token = tokenOf(c);
    const isRoot = !token.startsWith("qt_") && (await isRootToken(c.get("deps"), token));
    if (least === "root" || (isRoot && options.orRoot)) {
      c.set("principal", await authenticateRoot(c.get("deps"), token));
      actAs(c, { kind: "root", id: null });
      return next();
    }
    if (isRoot) {
      const detail =
        "ROOT_TOKEN makes tenants, environments and API keys and looks after the installation: use an API key here.";
      throw new AppError("unauthorized", { detail });
    }
    const principal = await authenticateApiKey(c.get("deps"), token);
    c.set("principal", principal);
    actAs(c, { kind: "api_key", id: principal.keyId });
    await noteLack(c.get("deps"), principal, least, options.right);
    requireAllowed(principal, least, options.right);
    await next();
  });
  leastRoles.set(guard, least);
  return guard;
}

/** @throws AppError `forbidden` for a role too low, or a right that the key was made without */
export function requireAllowed(principal: KeyPrincipal, least: Role, right?: Right): void {
  const lacks = lackOf(principal, least, right);
  if (lacks === null) return;
  const detail =
    lacks === right
      ? `This call needs the right '${right}', without which this key was made: it may not ${RIGHT_WORDS[right]}.`
      : `This call needs a key of role '${least}'; this one is '${principal.role}'.`;
  throw new AppError("forbidden", { detail });
}

/** The role or right that is missing; null where nothing is. */
function lackOf({ role, rights }: KeyPrincipal, least: Role, right: Right | undefined): Role | Right | null {
  if (ROLE_RANK[role] < ROLE_RANK[least]) return least;
  return right === undefined || rights.includes(right) ? null : right;
}

async function noteLack(
  deps: Deps,
  principal: KeyPrincipal,
  least: Role,
  right: Right | undefined,
): Promise<void> {
  const lacks = lackOf(principal, least, right);
  if (lacks === null) return;
  const { keyId, scope } = principal;
  await noteSecurity(deps, {
    event: "api_key.refused",
    outcome: "refused",
    scope,
    keyId,
    detail: { reason: "forbidden", lacks },
    oncePerHour: `${keyId}/${lacks}`,
  });
}

/** What a handler asks for, if it is one that {@link access} made. */
export function leastRoleOf(handler: object): "root" | Role | undefined {
  return leastRoles.get(handler);
}

function actAs(c: AppContext, who: Pick<Actor, "kind" | "id">): void {
  const deps = c.get("deps");
  const principal = c.get("principal");
  const log =
    principal.kind === "api_key"
      ? deps.log.with({ tenant: principal.scope.tenantId, environment: principal.scope.environmentId })
      : deps.log;
  c.set("deps", { ...deps, log, actor: { ...who, ip: deps.actor.ip } });
}

function tokenOf(c: AppContext): string {
  const token = bearerOf(c.req.raw);
  if (token === null) throw unauthorized();
  return token;
}
