// The answer of the issues' door.

import * as z from "zod";
import { timestampField, timestampOrNull } from "../http/fields.ts";
import type { Issue } from "./find-issues.ts";

export const issueSchema = z
  .object({
    object: z.literal("issue"),
    code: z.string().meta({ description: "A stable word for the cause.", example: "webhooks_refused" }),
    severity: z.enum(["critical", "warning"]).meta({
      description: "`critical`: money, or news of it, does not get through.",
    }),
    title: z.string(),
    detail: z.string().meta({ description: "What it costs as long as it stands." }),
    since: timestampField.nullable(),
    count: z.int().meta({ description: "How many things it holds up; a thousand at most are counted." }),
    action: z.object({
      label: z.string(),
      path: z.string().meta({ description: "The page of the dashboard that mends it or leads there." }),
    }),
  })
  .meta({ id: "Issue" });

export const issuesSchema = z
  .object({
    object: z.literal("list"),
    data: z.array(issueSchema).meta({ description: "The gravest first. Empty: all clear." }),
    has_more: z.literal(false),
    next_cursor: z.null(),
  })
  .meta({ id: "Issues" });

export function toIssue(issue: Issue): z.infer<typeof issueSchema> {
  const { code, severity, title, detail, sinceMs, count, action } = issue;
  return {
    object: "issue",
    code,
    severity,
    title,
    detail,
    since: timestampOrNull(sinceMs),
    count,
    action: { label: action.words, path: `/dashboard${action.path}` },
  };
}
