// Takes white space off what was pasted, and says so. Pure: no I/O. A value never appears in what it says.

export type Credentials = {
  secretKey?: string | undefined;
  publishableKey?: string | null | undefined;
  webhookSecret?: string | undefined;
  thinWebhookSecret?: string | null | undefined;
};

export type PastedCredentials = Credentials & { notices: string[] };

// What copying out of a page or a mail brings along: also spaces of no width, which no trim() takes off.
const INVISIBLE = /[\s\u200B-\u200D\u2060\uFEFF]/;

/** The credentials without white space round them, and a sentence for each that had some. */
export function readPasted(pasted: Credentials): PastedCredentials {
  const notices: string[] = [];
  const read = <T extends string | null | undefined>(field: string, value: T): T | string => {
    if (typeof value !== "string") return value;
    const trimmed = trimmedOf(value);
    if (trimmed !== value) notices.push(`White space round ${field} was taken off.`);
    return trimmed;
  };
  return {
    secretKey: read("secret_key", pasted.secretKey),
    publishableKey: read("publishable_key", pasted.publishableKey),
    webhookSecret: read("webhook_secret", pasted.webhookSecret),
    thinWebhookSecret: read("thin_webhook_secret", pasted.thinWebhookSecret),
    notices,
  };
}

/** Whether a trimmed value still has white space in it: something else was copied along, or a line broke. */
export function hasInnerWhiteSpace(value: string): boolean {
  return INVISIBLE.test(value);
}

function trimmedOf(value: string): string {
  let start = 0;
  let end = value.length;
  while (start < end && INVISIBLE.test(value.charAt(start))) start += 1;
  while (end > start && INVISIBLE.test(value.charAt(end - 1))) end -= 1;
  return value.slice(start, end);
}
