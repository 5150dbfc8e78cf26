// What can be done outside: its kinds, what each is about, and its id, which says what and for which object, so
// that the same work is never there twice.

export type LinkSubject = { invoiceId: string; revision: number };

/** By kind, what the work is about: ids only. */
export type Subjects = {
  create_payment_link: LinkSubject;
  deactivate_payment_link: LinkSubject;
  send_mail: { mailId: string; invoiceId: string };
  sync_customer: { customerId: string };
  mirror_subscriptions: { customerId: string };
  reconcile: { connectionId: string };
};

export type WorkKind = keyof Subjects;

export type WorkOf<Kind extends WorkKind> = { kind: Kind; id: string } & Subjects[Kind];
export type Work = { [Kind in WorkKind]: WorkOf<Kind> }[WorkKind];

export function createLinkWork(subject: LinkSubject): WorkOf<"create_payment_link"> {
  const { invoiceId, revision } = subject;
  return {
    kind: "create_payment_link",
    id: `create_payment_link/${invoiceId}/${revision}`,
    invoiceId,
    revision,
  };
}

export function deactivateLinkWork(subject: LinkSubject): WorkOf<"deactivate_payment_link"> {
  const { invoiceId, revision } = subject;
  const id = `deactivate_payment_link/${invoiceId}/${revision}`;
  return { kind: "deactivate_payment_link", id, invoiceId, revision };
}

export function mailWork(mailId: string, invoiceId: string): WorkOf<"send_mail"> {
  return { kind: "send_mail", id: `send_mail/${mailId}`, mailId, invoiceId };
}

/** One for each revision: what is done for an older one never counts for a newer. */
export function syncWork(customerId: string, revision: number): WorkOf<"sync_customer"> {
  return { kind: "sync_customer", id: `${syncWorkOf(customerId)}/${revision}`, customerId };
}

/** What the ids of a customer's work begin with; a slash follows, which no customer's id has in it. */
export function syncWorkOf(customerId: string): string {
  return `sync_customer/${customerId}`;
}

/** One for each Stripe customer that a customer becomes linked to. */
export function mirrorWork(customerId: string, stripeCustomerId: string): WorkOf<"mirror_subscriptions"> {
  const id = `mirror_subscriptions/${customerId}/${stripeCustomerId}`;
  return { kind: "mirror_subscriptions", id, customerId };
}

export function reconcileWork(connectionId: string): WorkOf<"reconcile"> {
  return { kind: "reconcile", id: `reconcile/${connectionId}`, connectionId };
}
