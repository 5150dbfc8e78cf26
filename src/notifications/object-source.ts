// How a message gets its object. The rooms that know the objects lie to the left of this one, so the top of
// the house passes this in.

import type { Deps, Scope } from "../platform/deps.ts";
import { type NotificationType, type ObjectKind, objectKindOf } from "./notification-types.ts";

export type ObjectSource = {
  /** An object as the API shows it now; null when it is not there any more. */
  render: Partial<Record<ObjectKind, (deps: Deps, scope: Scope, id: string) => Promise<object | null>>>;
  /** An object of the shape that this type carries, which says of itself that it is an example. */
  example: Partial<Record<ObjectKind, (deps: Deps, scope: Scope, type: NotificationType) => object>>;
};

/** The object of a message: in full, or `deleted` where it is gone, or by its id where nobody renders it. */
export async function renderObject(
  source: ObjectSource,
  deps: Deps,
  scope: Scope,
  kind: ObjectKind,
  id: string,
): Promise<object> {
  const render = source.render[kind];
  if (!render) return { id, object: kind };
  return (await render(deps, scope, id)) ?? { id, object: kind, deleted: true };
}

/** An example to send by the test door. */
export function exampleObject(
  source: ObjectSource,
  deps: Deps,
  scope: Scope,
  type: NotificationType,
): object {
  const kind = objectKindOf(type);
  return source.example[kind]?.(deps, scope, type) ?? { id: `${kind}_example`, object: kind };
}
