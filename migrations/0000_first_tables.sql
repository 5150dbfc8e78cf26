CREATE TABLE `api_keys` (
	`environment_id` text NOT NULL,
	`id` text NOT NULL,
	`tenant_id` text NOT NULL,
	`name` text NOT NULL,
	`role` text NOT NULL,
	`key_hash` text NOT NULL,
	`key_hint` text NOT NULL,
	`expires_at_ms` integer,
	`revoked_at_ms` integer,
	`last_used_at_ms` integer,
	`created_at_ms` integer NOT NULL,
	`updated_at_ms` integer NOT NULL,
	PRIMARY KEY(`environment_id`, `id`),
	CONSTRAINT "api_keys_role" CHECK(role IN ('admin', 'write', 'read'))
) WITHOUT ROWID;
--> statement-breakpoint
CREATE UNIQUE INDEX `api_keys_by_hash` ON `api_keys` (`key_hash`);--> statement-breakpoint
CREATE TABLE `connections` (
	`environment_id` text NOT NULL,
	`id` text NOT NULL,
	`tenant_id` text NOT NULL,
	`name` text NOT NULL,
	`provider` text NOT NULL,
	`auth_type` text NOT NULL,
	`livemode` integer NOT NULL,
	`is_active` integer NOT NULL,
	`error_detail` text,
	`secret_key_hint` text NOT NULL,
	`publishable_key` text,
	`webhook_endpoint_id` text,
	`account_id` text NOT NULL,
	`account` text NOT NULL,
	`sync_config` text NOT NULL,
	`disconnected_at_ms` integer,
	`created_at_ms` integer NOT NULL,
	`updated_at_ms` integer NOT NULL,
	PRIMARY KEY(`environment_id`, `id`),
	CONSTRAINT "connections_auth_type" CHECK(auth_type IN ('api_key', 'oauth'))
) WITHOUT ROWID;
--> statement-breakpoint
CREATE UNIQUE INDEX `connections_one_live` ON `connections` (`environment_id`) WHERE disconnected_at_ms IS NULL;--> statement-breakpoint
CREATE TABLE `customers` (
	`environment_id` text NOT NULL,
	`id` text NOT NULL,
	`name` text NOT NULL,
	`email` text,
	`phone` text,
	`address` text,
	`metadata` text NOT NULL,
	`stripe_customer_id` text,
	`sync_status` text NOT NULL,
	`sync_error` text,
	`created_at_ms` integer NOT NULL,
	`updated_at_ms` integer NOT NULL,
	PRIMARY KEY(`environment_id`, `id`),
	CONSTRAINT "customers_sync_status" CHECK(sync_status IN ('pending', 'synced', 'failed', 'off'))
) WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `customers_by_time` ON `customers` (`environment_id`,`created_at_ms`,`id`);--> statement-breakpoint
CREATE TABLE `environments` (
	`id` text PRIMARY KEY NOT NULL,
	`tenant_id` text NOT NULL,
	`name` text NOT NULL,
	`livemode` integer NOT NULL,
	`created_at_ms` integer NOT NULL,
	`updated_at_ms` integer NOT NULL
) WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `environments_by_tenant` ON `environments` (`tenant_id`,`created_at_ms`,`id`);--> statement-breakpoint
CREATE TABLE `idempotency_keys` (
	`environment_id` text NOT NULL,
	`key` text NOT NULL,
	`fingerprint` text NOT NULL,
	`response_status` integer,
	`sealed_key_id` text,
	`sealed_iv` text,
	`sealed_body` text,
	`created_at_ms` integer NOT NULL,
	PRIMARY KEY(`environment_id`, `key`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `idempotency_keys_by_age` ON `idempotency_keys` (`created_at_ms`);--> statement-breakpoint
CREATE TABLE `invoices` (
	`environment_id` text NOT NULL,
	`id` text NOT NULL,
	`number` text NOT NULL,
	`customer_id` text NOT NULL,
	`currency` text NOT NULL,
	`lines` text NOT NULL,
	`amount_due_minor` integer NOT NULL,
	`amount_paid_minor` integer DEFAULT 0 NOT NULL,
	`amount_refunded_minor` integer DEFAULT 0 NOT NULL,
	`amount_disputed_minor` integer DEFAULT 0 NOT NULL,
	`status` text NOT NULL,
	`payment_status` text NOT NULL,
	`send_email` integer NOT NULL,
	`memo` text,
	`metadata` text NOT NULL,
	`due_at_ms` integer,
	`finalized_at_ms` integer,
	`paid_at_ms` integer,
	`voided_at_ms` integer,
	`created_at_ms` integer NOT NULL,
	`updated_at_ms` integer NOT NULL,
	PRIMARY KEY(`environment_id`, `id`),
	CONSTRAINT "invoices_status" CHECK(status IN ('draft', 'open', 'paid', 'void', 'uncollectible')),
	CONSTRAINT "invoices_amount_due" CHECK(amount_due_minor >= 0)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `invoices_by_time` ON `invoices` (`environment_id`,`created_at_ms`,`id`);--> statement-breakpoint
CREATE INDEX `invoices_by_customer` ON `invoices` (`environment_id`,`customer_id`,`created_at_ms`);--> statement-breakpoint
CREATE TABLE `jobs` (
	`environment_id` text NOT NULL,
	`id` text NOT NULL,
	`tenant_id` text NOT NULL,
	`kind` text NOT NULL,
	`message` text NOT NULL,
	`status` text NOT NULL,
	`attempts` integer DEFAULT 0 NOT NULL,
	`error` text,
	`enqueued_at_ms` integer,
	`created_at_ms` integer NOT NULL,
	`updated_at_ms` integer NOT NULL,
	PRIMARY KEY(`environment_id`, `id`),
	CONSTRAINT "jobs_status" CHECK(status IN ('pending', 'enqueued', 'waiting', 'dead'))
) WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `jobs_to_sweep` ON `jobs` (`status`,`updated_at_ms`);--> statement-breakpoint
CREATE TABLE `payment_links` (
	`environment_id` text NOT NULL,
	`invoice_id` text NOT NULL,
	`revision` integer NOT NULL,
	`status` text NOT NULL,
	`stripe_payment_link_id` text,
	`url` text,
	`error` text,
	`key_generation` integer DEFAULT 0 NOT NULL,
	`created_at_ms` integer NOT NULL,
	`updated_at_ms` integer NOT NULL,
	PRIMARY KEY(`environment_id`, `invoice_id`, `revision`),
	CONSTRAINT "payment_links_status" CHECK(status IN ('pending', 'active', 'used', 'inactive', 'failed'))
) WITHOUT ROWID;
--> statement-breakpoint
CREATE UNIQUE INDEX `payment_links_by_stripe_id` ON `payment_links` (`environment_id`,`stripe_payment_link_id`) WHERE stripe_payment_link_id IS NOT NULL;--> statement-breakpoint
CREATE TABLE `payments` (
	`environment_id` text NOT NULL,
	`id` text NOT NULL,
	`provider_payment_id` text NOT NULL,
	`invoice_id` text NOT NULL,
	`customer_id` text NOT NULL,
	`amount_minor` integer NOT NULL,
	`currency` text NOT NULL,
	`status` text NOT NULL,
	`state_order` integer NOT NULL,
	`failure_code` text,
	`failure_message` text,
	`payment_method_type` text,
	`receipt_url` text,
	`stripe_charge_id` text,
	`checkout_session_id` text,
	`stripe_payment_link_id` text,
	`occurred_at_ms` integer NOT NULL,
	`created_at_ms` integer NOT NULL,
	`updated_at_ms` integer NOT NULL,
	PRIMARY KEY(`environment_id`, `id`),
	CONSTRAINT "payments_status" CHECK(status IN ('processing', 'succeeded', 'failed', 'canceled'))
) WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `payments_by_time` ON `payments` (`environment_id`,`created_at_ms`,`id`);--> statement-breakpoint
CREATE INDEX `payments_by_invoice` ON `payments` (`environment_id`,`invoice_id`);--> statement-breakpoint
CREATE TABLE `secrets` (
	`environment_id` text NOT NULL,
	`owner_id` text NOT NULL,
	`field` text NOT NULL,
	`version` integer NOT NULL,
	`tenant_id` text NOT NULL,
	`key_id` text NOT NULL,
	`iv` text NOT NULL,
	`ciphertext` text NOT NULL,
	`expires_at_ms` integer,
	`created_at_ms` integer NOT NULL,
	PRIMARY KEY(`environment_id`, `owner_id`, `field`, `version`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `secrets_by_key` ON `secrets` (`key_id`);--> statement-breakpoint
CREATE TABLE `tenants` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`created_at_ms` integer NOT NULL,
	`updated_at_ms` integer NOT NULL
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `webhook_events` (
	`environment_id` text NOT NULL,
	`stripe_event_id` text NOT NULL,
	`connection_id` text NOT NULL,
	`type` text NOT NULL,
	`api_version` text,
	`livemode` integer NOT NULL,
	`account` text,
	`status` text NOT NULL,
	`reason` text,
	`source` text NOT NULL,
	`delivery_ids` text NOT NULL,
	`attempts` integer NOT NULL,
	`error` text,
	`changes` text NOT NULL,
	`invoice_id` text,
	`created_at_ms` integer NOT NULL,
	`received_at_ms` integer NOT NULL,
	`processed_at_ms` integer,
	`updated_at_ms` integer NOT NULL,
	PRIMARY KEY(`environment_id`, `stripe_event_id`),
	CONSTRAINT "webhook_events_status" CHECK(status IN ('processed', 'ignored', 'failed', 'dead'))
) WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `webhook_events_by_time` ON `webhook_events` (`environment_id`,`received_at_ms`,`stripe_event_id`);--> statement-breakpoint
CREATE INDEX `webhook_events_by_invoice` ON `webhook_events` (`environment_id`,`invoice_id`,`received_at_ms`) WHERE invoice_id IS NOT NULL;--> statement-breakpoint
CREATE INDEX `webhook_events_unfinished` ON `webhook_events` (`environment_id`,`status`,`received_at_ms`) WHERE status IN ('failed', 'dead');--> statement-breakpoint
CREATE TABLE `webhook_payloads` (
	`environment_id` text NOT NULL,
	`stripe_event_id` text NOT NULL,
	`payload` text NOT NULL,
	`received_at_ms` integer NOT NULL,
	PRIMARY KEY(`environment_id`, `stripe_event_id`)
) WITHOUT ROWID;
