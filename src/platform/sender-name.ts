// What a tenant may be called in the sender of its mails, which come from the operator's own address: under no name
// that its reader takes for somebody else's. Pure.

// Whose mails ask for money: a name that reads as one of these is taken for theirs.
const PAYMENT_NAMES: ReadonlySet<string> = new Set(
  "stripe paypal klarna visa mastercard amex americanexpress applepay googlepay adyen worldpay wise revolut quittance".split(
    " ",
  ),
);

/** What is wrong with a sender's name, in a sentence; null for nothing. */
export function senderNameProblem(name: string): string | null {
  if (/[@＠]/.test(name) || /[\p{L}\p{N}-][.．。][\p{L}]{2}/u.test(name))
    return "A sender's name is no mail address and no domain: give the business's name.";
  if (name.split(/[\s-]+/).some(isOfTwoScripts))
    return "One word is written in letters of two scripts, so that it reads as another: write it in one.";
  const words = wordsOf(name);
  const joined = words.slice(0, -1).map((word, index) => `${word}${words[index + 1]}`);
  if ([...words, ...joined].some((word) => PAYMENT_NAMES.has(word)))
    return "A sender's name is none of a payment service's: its reader would take the mail for theirs.";
  return null;
}

/**
 * Who a mail says that it is from: whoever it is sent for, and through whom. Only the operator stands alone.
 * @param name null where nobody has said
 * @param operator the sender that the operator has configured
 */
export function shownSender(
  name: string | null,
  operator: { email: string; name: string | null },
): string | null {
  const through = operator.name ?? operator.email.slice(operator.email.lastIndexOf("@") + 1);
  if (name === null || name === operator.name) return operator.name;
  return through === "" ? name : `${name} via ${through}`;
}

const LATIN = /\p{Script=Latin}/u;
const ALIKE = /[\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Cherokee}\p{Script=Armenian}]/u;

function isOfTwoScripts(word: string): boolean {
  return LATIN.test(word) && ALIKE.test(word);
}

/** As they read: without accents and case, digits as the letters that they look like, spaced letters as one word. */
function wordsOf(name: string): string[] {
  const folded = Array.from(name.normalize("NFKD").toLowerCase(), (letter) => READ_AS[letter] ?? letter)
    .join("")
    .replace(/\p{M}/gu, "");
  const words: string[] = [];
  let wasSingle = false;
  for (const word of folded.split(/[^\p{L}]+/u)) {
    const isSingle = word.length === 1;
    if (isSingle && wasSingle) words.push(`${words.pop()}${word}`);
    else if (word !== "") words.push(word);
    wasSingle = isSingle;
  }
  return words;
}

const READ_AS: Record<string, string> = {
  ...{ "0": "o", "1": "i", "!": "i", "|": "i", ı: "i", "3": "e", "4": "a", "5": "s", $: "s" },
  ...{
    а: "a",
    в: "b",
    е: "e",
    к: "k",
    м: "m",
    о: "o",
    р: "p",
    с: "c",
    т: "t",
    у: "y",
    х: "x",
    і: "i",
    ѕ: "s",
  },
  ...{ α: "a", ε: "e", ι: "i", κ: "k", ο: "o", ρ: "p", τ: "t", υ: "y", χ: "x" },
};
