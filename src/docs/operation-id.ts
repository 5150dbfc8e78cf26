// The name of each call in the OpenAPI document, `createInvoice`, from which clients make their methods: by rule, but
// where the rule would read badly. A name is a promise: changing one breaks programs.

const NAMED: Record<string, string> = {
  "POST /webhooks/stripe/{tenant_id}/{environment_id}": "receiveStripeEvent",
  "POST /webhooks/stripe/connect": "receiveConnectEvent",
  "POST /webhooks/mail/{provider}": "receiveMailReport",
  "DELETE /tenants/{tenant_id}/environments/{environment_id}": "eraseEnvironment",
  "POST /tenants/{tenant_id}/environments": "createEnvironment",
  "GET /tenants/{tenant_id}/environments": "listEnvironments",
  "GET /environments": "listEnvironmentStandings",
  "POST /tenants/{tenant_id}/environments/{environment_id}/api_keys": "createEnvironmentApiKey",
  "GET /tenants/{tenant_id}/environments/{environment_id}/api_keys": "listEnvironmentApiKeys",
  "DELETE /tenants/{tenant_id}/environments/{environment_id}/api_keys/{id}": "revokeEnvironmentApiKey",
  "GET /tenants/{tenant_id}/environments/{environment_id}/budgets": "getEnvironmentBudgets",
  "PATCH /tenants/{tenant_id}/environments/{environment_id}/budgets": "updateEnvironmentBudgets",
  "GET /budgets": "getBudgets",
  "DELETE /api_keys/{id}": "revokeApiKey",
  "GET /audit_log": "listAuditLog",
  "GET /security_log": "listSecurityLog",
  "GET /keyring": "getKeyring",
  "POST /keyring/reseal": "resealKeyring",
  "GET /settings": "getSettings",
  "PATCH /settings": "updateSettings",
  "GET /restricted_key": "getRestrictedKey",
  "DELETE /connections/{id}": "disconnectConnection",
  "POST /connections/oauth": "beginConnect",
  "POST /connections/{id}/webhook_endpoint": "repairWebhookEndpoint",
  "GET /connections/{id}/reconciliation": "getReconciliation",
  "POST /customers/import": "importCustomers",
  "GET /customers/import": "getCustomerImport",
  "POST /customers/sync": "syncCustomers",
  "GET /customers/sync": "getCustomerSync",
  "GET /invoices/{id}/timeline": "listInvoiceTimeline",
  "POST /invoices/{id}/mark_uncollectible": "markInvoiceUncollectible",
  "POST /invoices/{id}/payment_link": "renewPaymentLink",
  "POST /invoices/{id}/payments": "recordPayment",
  "POST /payments/{id}/refunds": "createRefund",
  "PUT /price_aliases/{id}": "setPriceAlias",
  "POST /event_destinations/{id}/rotate_secret": "rotateEventDestinationSecret",
  "GET /event_destinations/{id}/deliveries": "listDeliveries",
  "POST /webhook_events/replay": "replayWebhookEvents",
  "POST /webhook_events/dismiss": "dismissWebhookEvents",
  "POST /dashboard_sessions/end": "endDashboardSessions",
  "DELETE /dead_messages/{id}": "dismissDeadMessage",
  "GET /stats": "getStats",
  "GET /issues": "getIssues",
  "GET /exports/payments.csv": "exportPayments",
  "GET /exports/invoices.csv": "exportInvoices",
  "GET /exports/webhook_events.csv": "exportWebhookEvents",
};

const VERBS: Record<string, string> = {
  get: "get",
  post: "create",
  patch: "update",
  put: "set",
  delete: "delete",
};

/** @param path as the document has it, `/api/v1/invoices/{id}/finalize` */
export function operationIdOf(method: string, path: string): string {
  const below = path.replace(/^\/api\/v1/, "");
  const named = NAMED[`${method.toUpperCase()} ${below}`];
  if (named !== undefined) return named;
  const parts = below.split("/").slice(1);
  const [object = "", , action] = parts;
  if (action !== undefined) return `${camel(action)}${pascal(singular(object))}`;
  if (method === "get" && parts.length === 1) return `list${pascal(object)}`;
  return `${VERBS[method]}${pascal(singular(object))}`;
}

function singular(words: string): string {
  return words
    .replace(/ies$/, "y")
    .replace(/(alias)es$/, "$1")
    .replace(/(?<!alia)s$/, "");
}

function pascal(words: string): string {
  return words
    .split("_")
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join("");
}

function camel(words: string): string {
  const text = pascal(words);
  return text.charAt(0).toLowerCase() + text.slice(1);
}
