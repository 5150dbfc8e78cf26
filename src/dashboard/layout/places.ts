// Where one can go: the places of the dashboard in their groups.

import type { Right } from "../../directory/key-rights.ts";
import type { Role } from "../../http/app-env.ts";
import type { IconName } from "./icon.tsx";

export type NavigationPlace = {
  name: string;
  path: string;
  icon: IconName;
  /** Left out: everybody's. */
  least?: Role;
  /** What the session must have beside the role. */
  right?: Right;
  /** What stands at its right: a count of what needs somebody, or how it is. */
  mark?: "issues" | "disputes" | "connection" | "destinations";
};

export const NAVIGATION = [
  {
    group: null,
    places: [
      { name: "Home", path: "/", icon: "home" },
      { name: "Issues", path: "/issues", icon: "issues", mark: "issues" },
    ],
  },
  {
    group: "Payments",
    places: [
      { name: "Invoices", path: "/invoices", icon: "invoices" },
      { name: "Payments", path: "/payments", icon: "payments" },
      { name: "Disputes", path: "/disputes", icon: "disputes", mark: "disputes" },
      { name: "Customers", path: "/customers", icon: "customers" },
      { name: "Subscriptions", path: "/subscriptions", icon: "subscriptions" },
      { name: "Checkout sessions", path: "/checkout-sessions", icon: "sessions" },
    ],
  },
  {
    group: "Stripe",
    places: [
      { name: "Connection", path: "/connections", icon: "connections", mark: "connection" },
      { name: "Webhook events", path: "/webhook-events", icon: "events" },
    ],
  },
  {
    group: "Developers",
    places: [
      { name: "Event destinations", path: "/event-destinations", icon: "destinations", mark: "destinations" },
      { name: "API keys", path: "/api-keys", icon: "keys", least: "admin", right: "api_keys" },
      { name: "Emails", path: "/mails", icon: "mails" },
      { name: "Settings", path: "/settings", icon: "settings" },
      { name: "Exports", path: "/exports", icon: "exports", right: "exports" },
      { name: "Audit log", path: "/audit-log", icon: "audit", least: "admin" },
    ],
  },
] as const satisfies readonly { group: string | null; places: readonly NavigationPlace[] }[];

/** A name in the navigation: the part of the dashboard that a page belongs to. */
export type Place = (typeof NAVIGATION)[number]["places"][number]["name"];
