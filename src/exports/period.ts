// The period of an export: from a moment on, up to another. Where the list has such a filter of its own, both hold.

import { TIME_SHAPE, timeInput } from "../http/fields.ts";

/** @param field the time that it is about, as the API names it */
export function period(field: string) {
  const time = (description: string) => timeInput.optional().meta({ ...TIME_SHAPE, description });
  return {
    from: time(`Of rows whose \`${field}\` is this or later.`),
    to: time(`Of rows whose \`${field}\` is before this.`),
  };
}

/** The later of two limits in ms, of which either may be missing. */
export function laterBound(one: number | undefined, other: number | undefined): number | undefined {
  return one === undefined || other === undefined ? (one ?? other) : Math.max(one, other);
}

/** The earlier of two limits in ms, of which either may be missing. */
export function earlierBound(one: number | undefined, other: number | undefined): number | undefined {
  return one === undefined || other === undefined ? (one ?? other) : Math.min(one, other);
}
