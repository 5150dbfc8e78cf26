// Whose data is worked on, and who causes it.

/** Where Cloudflare can be bound to keep a ledger (https://developers.cloudflare.com/durable-objects/reference/data-location/). */
export const JURISDICTIONS = ["eu", "fedramp"] as const;
export type Jurisdiction = (typeof JURISDICTIONS)[number];

/** A tenant and one of its environments. It comes from a credential, never from a payload. */
export type Scope = {
  tenantId: string;
  environmentId: string;
  /** Where the environment's ledger is kept; null or left out: anywhere. It is part of the ledger's address. */
  jurisdiction?: Jurisdiction | null;
};

/** The scope of what is known of an environment; a jurisdiction that is none is left out, for shorter messages. */
export function toScope({ tenantId, environmentId, jurisdiction }: Scope): Scope {
  return jurisdiction ? { tenantId, environmentId, jurisdiction } : { tenantId, environmentId };
}

/** Who causes what is done now: for the audit log and for timelines. */
export type Actor = {
  kind: "root" | "api_key" | "dashboard" | "stripe" | "mail_provider" | "queue" | "cron";
  /**
   * An API key's id, Stripe's event id, the provider's name, or of a person whom a platform has sent to the dashboard
   * what the platform calls them; null where the kind says all.
   */
  id: string | null;
  /** That person's name. */
  name?: string | null;
  /** The caller's address, where there is one. */
  ip: string | null;
};
