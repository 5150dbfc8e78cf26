// Requests and answers of the dashboard's sessions.

import * as z from "zod";
import { timestamp, timestampField, timestampOrNull } from "../http/fields.ts";
import { mailAddressField, textField } from "../platform/text-field.ts";
import type { SessionRow } from "./dashboard-session-store.ts";
import { RIGHTS } from "./key-rights.ts";
import type { Invitation } from "./open-session.ts";
import { SESSION_LASTS_MS } from "./session-owner.ts";

const SHORTEST_SECONDS = 300;
const LONGEST_SECONDS = SESSION_LASTS_MS / 1000;
const MOST_URL = 2_000;

const personId = textField(200).min(1, { error: "Give the person's id." });
const expiresIn = `Give ${SHORTEST_SECONDS} to ${LONGEST_SECONDS} seconds.`;

export const createDashboardSessionBody = z.strictObject({
  role: z.enum(["admin", "write", "read"]).meta({ description: "At most that of the key." }),
  rights: z.array(z.enum(RIGHTS)).max(RIGHTS.length).optional().meta({
    description:
      "Which of the rights that go with the role the session has, as those of an API key; left out: those of the key.",
  }),
  actor: z
    .strictObject({
      id: personId.meta({ example: "user_17" }),
      name: textField(200).min(1, { error: "Give the person's name." }).meta({ example: "Ada Lovelace" }),
      email: mailAddressField.optional(),
    })
    .meta({ description: "Who it is for, as your platform calls them: the audit log names them." }),
  return_url: z.string().max(MOST_URL, { error: "At most 2,000 characters." }).optional().meta({
    description:
      "Where `Back to …` leads, of an origin of the settings' `allowed_origins` where there are some.",
    example: "https://app.example.com/settings/payments",
  }),
  expires_in: z
    .int()
    .min(SHORTEST_SECONDS, { error: expiresIn })
    .max(LONGEST_SECONDS, { error: expiresIn })
    .default(LONGEST_SECONDS)
    .meta({ description: "How long the session lasts once the link is opened, in seconds." }),
});

export const endDashboardSessionsBody = z.strictObject({
  actor_id: personId.optional().meta({ description: "Whose; left out: everybody's in this environment." }),
});

const sessionFields = {
  id: z.string(),
  object: z.literal("dashboard_session"),
  tenant_id: z.string(),
  environment_id: z.string(),
  api_key_id: z
    .string()
    .nullable()
    .meta({ description: "The key with which it ends. Null: the operator looks, read-only." }),
  role: z.string().nullable().meta({ description: "Null: the key's." }),
  actor: z.object({ id: z.string(), name: z.string(), email: z.string().nullable() }).nullable().meta({
    description: "Null: whoever signed in with the key itself.",
  }),
  return_url: z.string().nullable(),
  expires_at: timestampField.meta({ description: "Of the link until it is opened, then of the session." }),
  opened_at: timestampField.nullable(),
  last_used_at: timestampField.nullable(),
  ip: z.string().nullable(),
  created_at: timestampField,
  updated_at: timestampField,
};

export const dashboardSessionSchema = z.object(sessionFields).meta({ id: "DashboardSession" });
export const newDashboardSessionSchema = z
  .object({
    ...sessionFields,
    url: z.string().meta({
      description:
        "Send the person there now: it works once, for five minutes, and whoever opens it is that person.",
    }),
  })
  .meta({ id: "NewDashboardSession" });
export const endedSessionsSchema = z
  .object({ object: z.literal("ended_dashboard_sessions"), count: z.int() })
  .meta({ id: "EndedDashboardSessions" });

export function toInvitation(body: z.output<typeof createDashboardSessionBody>): Invitation {
  const { id, name, email = null } = body.actor;
  return {
    role: body.role,
    rights: body.rights,
    person: { id, name, email },
    returnUrl: body.return_url ?? null,
    lastsMs: body.expires_in * 1000,
  };
}

export function toDashboardSession(row: SessionRow): z.infer<typeof dashboardSessionSchema> {
  const { actorId, actorName, actorEmail } = row;
  return {
    id: row.id,
    object: "dashboard_session",
    tenant_id: row.tenantId,
    environment_id: row.environmentId,
    // Of the operator's it is the session of the console.
    api_key_id: row.way === "key" || row.way === "link" ? row.keyId : null,
    role: row.role,
    actor: actorId === null ? null : { id: actorId, name: actorName ?? actorId, email: actorEmail },
    return_url: row.returnUrl,
    expires_at: timestamp(row.expiresAtMs),
    opened_at: timestampOrNull(row.openedAtMs),
    last_used_at: timestampOrNull(row.lastSeenAtMs),
    ip: row.ip,
    created_at: timestamp(row.createdAtMs),
    updated_at: timestamp(row.lastSeenAtMs ?? row.openedAtMs ?? row.createdAtMs),
  };
}
