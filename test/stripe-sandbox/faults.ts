// Picks the fault, if any, that the next request meets. Each fault serves as many requests as it says
// and then is gone, so that a test's third try can succeed.

import type { Fault, World } from "./types.ts";

/**
 * Consumes one matching fault: the first that was set wins. Returns null when the request is to be
 * answered as usual.
 */
export function takeFault(world: World, method: string, path: string, key?: string): Fault | null {
  const index = world.faults.findIndex((fault) => matches(fault, method, path, key));
  const fault = world.faults[index];
  if (!fault) return null;
  fault.times -= 1;
  if (fault.times <= 0) world.faults.splice(index, 1);
  return { ...fault };
}

function matches(fault: Fault, method: string, path: string, key: string | undefined): boolean {
  if (fault.times <= 0) return false;
  if (fault.method !== undefined && fault.method.toUpperCase() !== method.toUpperCase()) return false;
  if (fault.key !== undefined && fault.key !== key) return false;
  return fault.path === undefined || path.startsWith(fault.path);
}
