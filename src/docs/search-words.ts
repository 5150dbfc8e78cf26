// The words of a search, each in the forms in which the guides have it: readers come with the words of other products.

/** What somebody may type, and how that is called here. */
export const CALLED_HERE: Record<string, readonly string[]> = {
  ach: ["bank debit"],
  apple: ["payment method"],
  backup: ["copies of your own", "restore"],
  billing: ["invoice", "subscription"],
  bounce: ["bounced"],
  chargeback: ["dispute"],
  delete: ["erase"],
  e2e: ["test"],
  email: ["mail"],
  gdpr: ["personal data"],
  google: ["payment method"],
  hook: ["webhook", "notification"],
  library: ["client"],
  login: ["sign"],
  merchant: ["tenant"],
  oauth: ["connect"],
  page: ["next_cursor"],
  pagination: ["next_cursor"],
  paging: ["next_cursor"],
  password: ["no key is", "no password"],
  pricing: ["cost"],
  roll: ["replac", "change the master"],
  rotate: ["replac", "change the master", "change root_token"],
  rotation: ["rotate", "replac", "change the master"],
  sdk: ["client"],
  throttle: ["rate limit", "429"],
  throttling: ["rate limit", "429"],
  timeout: ["time-out", "within"],
  user: ["person", "people"],
  vat: ["tax"],
  wallet: ["payment method"],
};

/** Of each word the texts of which one has to be there, in lower case; plurals as the singular. */
export function readSearchWords(query: string): string[][] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  return words.map((word) => {
    const one = word.replace(/(?<=\w{3}[^s])s$/, "");
    return [one, ...(CALLED_HERE[word] ?? CALLED_HERE[one] ?? [])];
  });
}
