// Whose data is worked on, and who causes it.

/** A tenant and one of its environments. It comes from a credential, never from a payload. */
export type Scope = { tenantId: string; environmentId: string };

/** Who causes what is done now: for the audit log and for timelines. */
export type Actor = {
  kind: "root" | "api_key" | "dashboard" | "stripe" | "queue" | "cron";
  /** An API key's id, or Stripe's event id; null where the kind says all. */
  id: string | null;
  /** The caller's address, where there is one. */
  ip: string | null;
};
