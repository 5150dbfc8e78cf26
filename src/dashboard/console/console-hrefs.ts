// Addresses of the console's pages.

import type { Scope } from "../../platform/scope.ts";

export function tenantHref(tenantId: string): string {
  return `/console/tenants/${encodeURIComponent(tenantId)}`;
}

/** @param act what is done there, such as `erase` */
export function environmentHref({ tenantId, environmentId }: Scope, act?: string): string {
  const page = `${tenantHref(tenantId)}/environments/${encodeURIComponent(environmentId)}`;
  return act === undefined ? page : `${page}/${act}`;
}

export function revokeHref(scope: Scope, keyId: string): string {
  return environmentHref(scope, `api-keys/${encodeURIComponent(keyId)}/revoke`);
}

/** A message's id has slashes in it. */
export function messageHref(id: string): string {
  return `/console/messages/${encodeURIComponent(id)}`;
}
