// Which mail addresses are taken: those that mail servers and Stripe both take. Pure.

// RFC 5321, 4.5.3.1: what comes before the @, and the whole of it.
const MOST_LOCAL = 64;
const MOST = 254;

// RFC 5322, 3.2.3: a dot-atom. What is written in quotation marks is allowed as well, but many servers refuse it.
const LOCAL = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/;
// RFC 1035, 2.3.1: labels of 63 characters; the last one is no number.
const DOMAIN =
  /^(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])$/;

/** What is wrong with an address, in a sentence; null for nothing. @param address without white space round it */
export function mailAddressProblem(address: string): string | null {
  if (address.length > MOST) return `A mail address has at most ${MOST} characters.`;
  const at = address.lastIndexOf("@");
  const [local, domain] = [address.slice(0, Math.max(at, 0)), address.slice(at + 1)];
  if (at < 1 || domain === "") return "Give an e-mail address, such as ada@example.com.";
  if (/[^\x20-\x7e]/.test(domain)) return "Write the domain in its ASCII form, which begins with xn--.";
  if (!DOMAIN.test(domain)) return `Give an e-mail address: '${domain}' is no domain.`;
  if (local.length > MOST_LOCAL) return `At most ${MOST_LOCAL} characters stand before the @.`;
  return LOCAL.test(local)
    ? null
    : "Before the @ stand ASCII letters, digits and signs, without spaces or quotation marks.";
}
