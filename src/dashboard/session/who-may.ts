// Whom a page's door is for: the role that it takes, and the right beside it.

import { requireRole } from "./may-act.ts";

export const writers = requireRole("write");
export const admins = requireRole("admin");
export const refunders = requireRole("write", "refunds");
export const keepers = requireRole("admin", "event_destinations");
export const settlers = requireRole("admin", "settings");
export const keyMakers = requireRole("admin", "api_keys");
export const connectors = requireRole("admin", "connections");
export const exporters = requireRole("read", "exports");
