// The one reading of a JSON text that somebody else has written.

import { MOST_ERRORS, MOST_LEVELS } from "./bounds.ts";
import { textProblem } from "./text.ts";

export type TextIssue = { path: (string | number)[]; message: string };

/** What a text says as JSON; undefined where it is none. What is no text is given back as it is. */
export function parseJson(text: unknown): unknown {
  if (typeof text !== "string") return text;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

// In JSON both can only be escaped.
const HALF_OR_NUL = /\\u(?:d[89a-f]|0000)/i;

/** The same for a sender that is never refused: half a character and NUL become U+FFFD, as in a broken encoding. */
export function parseJsonMended(text: unknown): unknown {
  if (typeof text !== "string" || !HALF_OR_NUL.test(text)) return parseJson(text);
  try {
    return JSON.parse(text, (_, value) =>
      typeof value === "string" ? value.toWellFormed().replaceAll("\0", "\ufffd") : value,
    );
  } catch {
    return undefined;
  }
}

/** Every string in a JSON value, names too, that is no text which can be stored, shown and passed on. */
export function findTextIssues(root: unknown): TextIssue[] {
  const issues: TextIssue[] = [];
  const left: { value: unknown; path: (string | number)[] }[] = [{ value: root, path: [] }];
  for (let next = left.pop(); next && issues.length < MOST_ERRORS; next = left.pop()) {
    const { value, path } = next;
    if (typeof value === "string") issues.push(...issueOf(textProblem(value), path));
    if (typeof value !== "object" || value === null) continue;
    if (path.length >= MOST_LEVELS) {
      issues.push({ path, message: `It is nested more than ${MOST_LEVELS} levels deep.` });
      continue;
    }
    const isList = Array.isArray(value);
    for (const [name, child] of Object.entries(value)) {
      if (!isList) issues.push(...issueOf(nameProblem(name), [...path, name.toWellFormed()]));
      left.push({ value: child, path: [...path, isList ? Number(name) : name.toWellFormed()] });
    }
  }
  return issues;
}

// Assigned to an object it would vanish in silence.
function nameProblem(name: string): string | null {
  return name === "__proto__" ? "No field can have this name." : textProblem(name);
}

function issueOf(message: string | null, path: (string | number)[]): TextIssue[] {
  return message === null ? [] : [{ path, message }];
}
