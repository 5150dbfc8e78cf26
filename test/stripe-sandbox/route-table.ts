// Every call of Stripe's API that the sandbox answers.

import { accountRoutes } from "./resources/accounts.ts";
import { eventRoutes } from "./resources/events.ts";
import { webhookEndpointRoutes } from "./resources/webhook-endpoints.ts";
import type { Route } from "./routes.ts";

export const ROUTES: readonly Route[] = [...accountRoutes, ...eventRoutes, ...webhookEndpointRoutes];
