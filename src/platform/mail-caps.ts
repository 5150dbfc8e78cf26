// How many mails go, at most: they come from the operator's own domain, and whoever they go to has not asked us. Each
// count begins with its first mail and ends when its time is over. Pure.

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

/**
 * Of every mail, asked for or not.
 * @param to names the address
 */
export function mailCaps(mail: { invoiceId: string | null; to: string; livemode: boolean }): MailCap[] {
  const { invoiceId, to, livemode } = mail;
  const day = { withinMs: DAY_MS };
  return [
    ...(invoiceId === null
      ? []
      : [{ ...day, name: `invoice/${invoiceId}`, most: 10, about: "about this invoice" }]),
    { ...day, name: `to/${to}`, most: 20, about: "to this address" },
    // A test environment writes to its own people.
    { ...day, name: "environment", most: livemode ? 10_000 : 500, about: "from this environment" },
  ];
}

/** Why a mail does not go now, and when it may. @param freeAtMs when the count ends */
export function capWords({ most, withinMs, about }: MailCap, freeAtMs: number): string {
  const within = withinMs === DAY_MS ? "a day" : `${withinMs / MINUTE_MS} minutes`;
  return `${most.toLocaleString("en")} mails ${about} are the most within ${within}: the next one can go from ${new Date(freeAtMs).toISOString()}.`;
}
