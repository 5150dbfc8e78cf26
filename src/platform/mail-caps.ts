// How many mails go, at most: they come from the operator's own domain, and whoever they go to has not asked us. Each
// count begins with its first mail and ends when its time is over. Pure.

import { overBudgetWords } from "./budgets.ts";

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

export type MailCap = {
  /** Under which name it is counted. */
  name: string;
  most: number;
  withinMs: number;
  /** What is counted: `about this invoice`. */
  about: string;
};

/** Of mails that somebody asks for by hand: the first are repeats for a reason, then it cools down. */
export function askedCap(invoiceId: string): MailCap {
  return {
    name: `asked/${invoiceId}`,
    most: 3,
    withinMs: 10 * MINUTE_MS,
    about: "about this invoice by hand",
  };
}

/** Of all the environment's mails. @param most its budget `mails_per_day` */
export function environmentCap(most: number): MailCap {
  return { name: "environment", most, withinMs: DAY_MS, about: "from this environment" };
}

/**
 * Of every mail, asked for or not.
 * @param mail.to names the address
 * @param mail.mailsPerDay the environment's budget
 */
export function mailCaps(mail: { invoiceId: string | null; to: string; mailsPerDay: number }): MailCap[] {
  const { invoiceId, to, mailsPerDay } = mail;
  const day = { withinMs: DAY_MS };
  return [
    ...(invoiceId === null
      ? []
      : [{ ...day, name: `invoice/${invoiceId}`, most: 10, about: "about this invoice" }]),
    { ...day, name: `to/${to}`, most: 20, about: "to this address" },
    environmentCap(mailsPerDay),
  ];
}

/** Why a mail does not go now, and when it may. @param freeAtMs when the count ends */
export function capWords({ name, most, withinMs, about }: MailCap, freeAtMs: number): string {
  if (name === "environment") return overBudgetWords("mails_per_day", most, freeAtMs);
  const within = withinMs === DAY_MS ? "a day" : `${withinMs / MINUTE_MS} minutes`;
  return `${most.toLocaleString("en")} mails ${about} are the most within ${within}: the next one can go from ${new Date(freeAtMs).toISOString()}.`;
}
