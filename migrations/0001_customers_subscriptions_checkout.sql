CREATE TABLE `checkout_sessions` (
	`environment_id` text NOT NULL,
	`id` text NOT NULL,
	`mode` text NOT NULL,
	`status` text NOT NULL,
	`payment_status` text NOT NULL,
	`customer_id` text,
	`stripe_customer_id` text,
	`url` text,
	`amount_total_minor` integer,
	`currency` text,
	`client_reference_id` text,
	`metadata` text NOT NULL,
	`success_url` text,
	`cancel_url` text,
	`subscription_id` text,
	`stripe_payment_intent_id` text,
	`expires_at_ms` integer,
	`completed_at_ms` integer,
	`created_at_ms` integer NOT NULL,
	`updated_at_ms` integer NOT NULL,
	PRIMARY KEY(`environment_id`, `id`),
	CONSTRAINT "checkout_sessions_mode" CHECK(mode IN ('payment', 'subscription', 'setup')),
	CONSTRAINT "checkout_sessions_status" CHECK(status IN ('open', 'complete', 'expired')),
	CONSTRAINT "checkout_sessions_payment_status" CHECK(payment_status IN ('paid', 'unpaid', 'no_payment_required'))
) WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `checkout_sessions_by_intent` ON `checkout_sessions` (`environment_id`,`stripe_payment_intent_id`) WHERE stripe_payment_intent_id IS NOT NULL;--> statement-breakpoint
CREATE TABLE `subscriptions` (
	`environment_id` text NOT NULL,
	`id` text NOT NULL,
	`customer_id` text,
	`stripe_customer_id` text,
	`status` text NOT NULL,
	`items` text NOT NULL,
	`current_period_start_ms` integer,
	`current_period_end_ms` integer,
	`cancel_at_period_end` integer NOT NULL,
	`cancel_at_ms` integer,
	`canceled_at_ms` integer,
	`ended_at_ms` integer,
	`trial_end_ms` integer,
	`pause_collection` text,
	`metadata` text NOT NULL,
	`snapshot_at_ms` integer NOT NULL,
	`revision` integer NOT NULL,
	`created_at_ms` integer NOT NULL,
	`updated_at_ms` integer NOT NULL,
	PRIMARY KEY(`environment_id`, `id`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `subscriptions_by_time` ON `subscriptions` (`environment_id`,`created_at_ms`,`id`);--> statement-breakpoint
CREATE INDEX `subscriptions_by_customer` ON `subscriptions` (`environment_id`,`customer_id`,`created_at_ms`,`id`) WHERE customer_id IS NOT NULL;--> statement-breakpoint
DROP INDEX `webhook_payloads_by_age`;--> statement-breakpoint
ALTER TABLE `webhook_payloads` ADD `is_kept` integer DEFAULT false NOT NULL;--> statement-breakpoint
CREATE INDEX `webhook_payloads_to_forget` ON `webhook_payloads` (`received_at_ms`) WHERE is_kept = 0;--> statement-breakpoint
DROP INDEX `webhook_events_set_aside`;--> statement-breakpoint
CREATE INDEX `webhook_events_set_aside` ON `webhook_events` (`environment_id`,`connection_id`,`received_at_ms`) WHERE status = 'ignored' AND reason IN ('connection_disabled', 'connection_disconnected');--> statement-breakpoint
ALTER TABLE `customers` ADD `deleted_at_ms` integer;--> statement-breakpoint
ALTER TABLE `customers` ADD `revision` integer DEFAULT 1 NOT NULL;--> statement-breakpoint
ALTER TABLE `customers` ADD `stripe_account_id` text;--> statement-breakpoint
ALTER TABLE `customers` ADD `stripe_seen_at_ms` integer;--> statement-breakpoint
ALTER TABLE `customers` ADD `stripe_state` text;--> statement-breakpoint
ALTER TABLE `customers` ADD `stripe_creation` text;--> statement-breakpoint
CREATE UNIQUE INDEX `customers_by_stripe_id` ON `customers` (`environment_id`,`stripe_customer_id`) WHERE stripe_customer_id IS NOT NULL;--> statement-breakpoint
ALTER TABLE `payment_links` ADD `next_check_at_ms` integer;--> statement-breakpoint
CREATE INDEX `payment_links_to_check` ON `payment_links` (`environment_id`,`next_check_at_ms`) WHERE next_check_at_ms IS NOT NULL;--> statement-breakpoint
ALTER TABLE `reconciliations` ADD `links_missed` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `reconciliations` ADD `missed_at_ms` integer;--> statement-breakpoint
ALTER TABLE `reconciliations` ADD `missed_count` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
CREATE INDEX `notifications_with_error` ON `notifications` (`environment_id`,`created_at_ms`) WHERE error IS NOT NULL;--> statement-breakpoint
UPDATE `payment_links` SET `next_check_at_ms` = MAX(`created_at_ms`, COALESCE(`checked_at_ms`, 0)) + 21600000
WHERE `stripe_payment_link_id` IS NOT NULL AND (`status` = 'active' OR `deactivation` IN ('pending', 'failed') OR EXISTS (
	SELECT 1 FROM `payments` AS p WHERE p.`environment_id` = `payment_links`.`environment_id`
		AND p.`invoice_id` = `payment_links`.`invoice_id` AND p.`status` = 'processing'));
