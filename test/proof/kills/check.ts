// How it has to be in the end: what Stripe has, what the ledgers have and what the platform was told say the same, each
// thing once.

import type { Sandbox } from "../../stripe-sandbox/types.ts";
import type { LedgerFiles } from "./ledger-files.ts";
import type { MessageReceiver } from "./receiver.ts";
import type { KillsEnvironment } from "./scene.ts";
import type { Sale } from "./traffic.ts";

/** What every invoice's platform is told, once under one id. */
const TOLD = ["invoice.finalized", "invoice.payment_link_created", "invoice.paid"];

/** How much is still to be done: nothing of it may be left. */
export function unfinished(files: LedgerFiles, sales: readonly Sale[]): Record<string, number> {
  const paid = files.all("SELECT id FROM invoices WHERE status = 'paid'").length;
  const left = {
    "invoices not paid": sales.length - paid,
    "works in the outbox": files.all("SELECT id FROM outbox").length,
    "events parked": files.all("SELECT id FROM parked_events").length,
    "events that failed": files.all("SELECT seq FROM webhook_events WHERE status = 'failed'").length,
  };
  return Object.fromEntries(Object.entries(left).filter(([, count]) => count > 0));
}

/** @returns what is wrong, a sentence each; empty where all is right */
export function faultsOf(
  files: LedgerFiles,
  sandbox: Sandbox,
  receiver: MessageReceiver,
  environments: readonly KillsEnvironment[],
  sales: readonly Sale[],
): string[] {
  const left = Object.entries(unfinished(files, sales)).map(([what, count]) => `${count} ${what}`);
  return [
    ...left,
    ...moneyFaults(files, sandbox, sales),
    ...linkFaults(files, sandbox, environments, sales),
    ...eventFaults(files, sandbox, environments),
    ...messageFaults(files, receiver, environments, sales),
  ];
}

/** Each invoice has its one payment, of the amount that Stripe has of it. */
function moneyFaults(files: LedgerFiles, sandbox: Sandbox, sales: readonly Sale[]): string[] {
  const ours = files
    .all(
      `SELECT i.id, i.amount_due_minor AS due, i.amount_paid_minor AS paid, p.provider_payment_id AS intent,
         p.amount_minor AS amount, p.status FROM invoices i LEFT JOIN payments p ON p.invoice_id = i.id`,
    )
    .map((row) =>
      JSON.stringify([row.environment, row.id, row.due, row.paid, row.intent, row.amount, row.status]),
    );
  const atStripe = sales.flatMap(({ environment, invoiceId, amount }) =>
    Object.values(sandbox.accountFor(environment.secretKey).paymentIntents)
      .filter(({ metadata }) => metadata.invoice_id === invoiceId)
      .map(({ id, amount_received: received, status }) =>
        JSON.stringify([environment.id, invoiceId, amount, received, id, received, status]),
      ),
  );
  return [
    ...(atStripe.length === sales.length ? [] : [`Stripe has ${atStripe.length} payments.`]),
    ...differences("money", atStripe, ours),
  ];
}

/** Each invoice has one link at Stripe, which is switched off there, as it was paid by it. */
function linkFaults(
  files: LedgerFiles,
  sandbox: Sandbox,
  environments: readonly KillsEnvironment[],
  sales: readonly Sale[],
): string[] {
  const atStripe = environments.flatMap(({ id, secretKey }) =>
    Object.values(sandbox.accountFor(secretKey).paymentLinks).map((link) =>
      JSON.stringify([id, link.metadata.invoice_id, link.id, link.active]),
    ),
  );
  const ours = files
    .all("SELECT invoice_id AS invoice, stripe_payment_link_id AS link FROM payment_links")
    .map(({ environment, invoice, link }) => JSON.stringify([environment, invoice, link, false]));
  return [
    ...(atStripe.length === sales.length ? [] : [`Stripe has ${atStripe.length} links.`]),
    ...differences("links", atStripe, ours),
  ];
}

/** What Stripe tells of is there, once each, and has come to something. */
function eventFaults(
  files: LedgerFiles,
  sandbox: Sandbox,
  environments: readonly KillsEnvironment[],
): string[] {
  const told = environments.flatMap(({ id, secretKey }) =>
    Object.values(sandbox.accountFor(secretKey).deliveries).map(({ eventId }) =>
      JSON.stringify([id, eventId]),
    ),
  );
  const taken = files
    .all("SELECT stripe_event_id AS event FROM webhook_events WHERE status IN ('processed', 'ignored')")
    .map(({ environment, event }) => JSON.stringify([environment, event]));
  return differences("events", told, taken);
}

/** Every message came at least once, with one id and the same words each time, and nothing else came. */
function messageFaults(
  files: LedgerFiles,
  receiver: MessageReceiver,
  environments: readonly KillsEnvironment[],
  sales: readonly Sale[],
): string[] {
  const written = files
    .all("SELECT id, type, object_id AS object FROM messages")
    .map(({ environment, id, type, object }) => JSON.stringify([environment, id, type, object]));
  const came = new Map<string, string>();
  const faults: string[] = [];
  for (const { id: environment } of environments) {
    for (const { id, body } of receiver.received(environment)) {
      const { type, data } = JSON.parse(body);
      const message = JSON.stringify([environment, id, type, data.object?.id ?? data.id]);
      if ((came.get(message) ?? body) !== body) faults.push(`Message ${id} came with other words.`);
      came.set(message, body);
    }
  }
  const facts = [...came.keys()].map((message) => JSON.parse(message));
  const told = facts.map(([environment, , type, object]) => JSON.stringify([environment, type, object]));
  const due = sales.flatMap(({ environment, invoiceId }) =>
    TOLD.map((type) => JSON.stringify([environment.id, type, invoiceId])),
  );
  return [
    ...faults,
    ...differences("messages", written, [...came.keys()]),
    ...differences(
      "messages of invoices",
      due,
      told.filter((fact) => TOLD.includes(JSON.parse(fact)[1])),
    ),
    ...(receiver.refused() === 0 ? [] : [`${receiver.refused()} messages had no good signature.`]),
    ...files
      .all("SELECT seq, status FROM deliveries WHERE status <> 'succeeded'")
      .map(({ seq, status }) => `Delivery ${seq} is ${status}.`),
  ];
}

const SHOWN = 5;

/** Of two lists whose entries are the same, each once. */
function differences(what: string, expected: readonly string[], found: readonly string[]): string[] {
  const [has, wants] = [new Set(found), new Set(expected)];
  const lists = {
    missing: expected.filter((one) => !has.has(one)),
    "not expected": found.filter((one) => !wants.has(one)),
    "there twice": found.filter((one, index) => found.indexOf(one) !== index),
  };
  return Object.entries(lists).flatMap(([how, list]) =>
    list.length === 0 ? [] : [`${list.length} ${what} ${how}: ${list.slice(0, SHOWN).join(", ")}`],
  );
}
