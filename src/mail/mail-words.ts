// The words of the mails, by language. Pure. Amounts and dates are formatted elsewhere and put in as they are.

/** When a reminded invoice is due, in words: `in 3 days` or `7 days ago`, and the date. */
export type DueWords = { date: string; relative: string };

export type MailWords = {
  /** Subjects; the seller is known or not. */
  invoiceSubject: (number: string, seller: string | null, amount: string) => string;
  reminderSubject: (number: string, seller: string | null, amount: string) => string;
  overdueSubject: (number: string, seller: string | null, amount: string) => string;
  receiptSubject: (number: string, seller: string | null) => string;
  /** Of a payment that pays no invoice. */
  paymentSubject: (seller: string | null) => string;
  openReceipt: string;
  invoice: string;
  reminder: string;
  receipt: string;
  /** A salutation by name, with the mark that ends it; what follows begins as the language has it after that mark. */
  hello: (name: string) => string;
  amountDue: string;
  amountPaid: string;
  discount: string;
  dueBy: (date: string) => string;
  /** Sentences of a reminder: after the salutation. */
  isDue: (due: DueWords) => string;
  isDueToday: (date: string) => string;
  wasDue: (due: DueWords) => string;
  paidMeanwhile: string;
  paidOn: (date: string) => string;
  pay: (amount: string) => string;
  orOpen: string;
  /** After the salutation. */
  thanks: string;
  description: string;
  amount: string;
  total: string;
  alreadyPaid: string;
  remaining: string;
  note: string;
  questions: string;
  testMode: string;
  /** What stands between a label and its value, with its space. */
  colon: string;
};

const from = (word: string, seller: string | null) => (seller === null ? "" : ` ${word} ${seller}`);

const en: MailWords = {
  invoiceSubject: (number, seller, amount) => `Invoice ${number}${from("from", seller)}: ${amount}`,
  reminderSubject: (number, seller, amount) =>
    `Reminder: invoice ${number}${from("from", seller)}, ${amount}`,
  overdueSubject: (number, seller, amount) => `Overdue: invoice ${number}${from("from", seller)}, ${amount}`,
  receiptSubject: (number, seller) => `Receipt for invoice ${number}${from("from", seller)}`,
  paymentSubject: (seller) => `Receipt for your payment${from("to", seller)}`,
  openReceipt: "Open the receipt",
  invoice: "Invoice",
  reminder: "Payment reminder",
  receipt: "Receipt",
  hello: (name) => `Hello ${name},`,
  amountDue: "Amount due",
  amountPaid: "Amount paid",
  discount: "Discount",
  dueBy: (date) => `Due by ${date}`,
  isDue: ({ date, relative }) => `This is a reminder that your invoice is due ${relative}, on ${date}.`,
  isDueToday: (date) => `This is a reminder that your invoice is due today, ${date}.`,
  wasDue: ({ date, relative }) => `Your invoice was due on ${date}, ${relative}, and is still open.`,
  paidMeanwhile: "If you have paid in the meantime, please disregard this mail.",
  paidOn: (date) => `Paid on ${date}`,
  pay: (amount) => `Pay ${amount}`,
  orOpen: "Or open this address in your browser:",
  thanks: "Thank you. Your payment has been received.",
  description: "Description",
  amount: "Amount",
  total: "Total",
  alreadyPaid: "Already paid",
  remaining: "Still due",
  note: "Note",
  questions: "Questions? Just reply to this mail.",
  testMode: "Test mode: no real money moves.",
  colon: ": ",
};

// After a comma a German sentence goes on in lower case, unless it begins with a noun or the polite Ihre.
const de: MailWords = {
  invoiceSubject: (number, seller, amount) => `Rechnung ${number}${from("von", seller)}: ${amount}`,
  reminderSubject: (number, seller, amount) =>
    `Zahlungserinnerung: Rechnung ${number}${from("von", seller)}, ${amount}`,
  overdueSubject: (number, seller, amount) =>
    `Überfällig: Rechnung ${number}${from("von", seller)}, ${amount}`,
  receiptSubject: (number, seller) => `Zahlungsbeleg zu Rechnung ${number}${from("von", seller)}`,
  paymentSubject: (seller) => `Beleg Ihrer Zahlung${from("an", seller)}`,
  openReceipt: "Beleg öffnen",
  invoice: "Rechnung",
  reminder: "Zahlungserinnerung",
  receipt: "Zahlungsbeleg",
  hello: (name) => `Guten Tag ${name},`,
  amountDue: "Zu zahlen",
  amountPaid: "Bezahlt",
  discount: "Rabatt",
  dueBy: (date) => `Fällig am ${date}`,
  isDue: ({ date, relative }) => `Ihre Rechnung ist ${relative} fällig, am ${date}.`,
  isDueToday: (date) => `Ihre Rechnung ist heute fällig, am ${date}.`,
  wasDue: ({ date, relative }) => `Ihre Rechnung war ${relative} fällig, am ${date}, und ist noch offen.`,
  paidMeanwhile: "Falls Sie inzwischen bezahlt haben, betrachten Sie diese Mail bitte als gegenstandslos.",
  paidOn: (date) => `Bezahlt am ${date}`,
  pay: (amount) => `${amount} bezahlen`,
  orOpen: "Oder öffnen Sie diese Adresse im Browser:",
  thanks: "vielen Dank. Ihre Zahlung ist eingegangen.",
  description: "Beschreibung",
  amount: "Betrag",
  total: "Summe",
  alreadyPaid: "Bereits bezahlt",
  remaining: "Noch offen",
  note: "Hinweis",
  questions: "Fragen? Antworten Sie einfach auf diese Mail.",
  testMode: "Testmodus: Es fließt kein echtes Geld.",
  colon: ": ",
};

/** `d’Acme`, `de Bolt`: before a vowel the word is cut. An h may be silent or not, so it counts as a consonant. */
const deFrench = (seller: string | null) => {
  if (seller === null) return "";
  const startsWithVowel = /^[aeiou]/i.test(seller.normalize("NFD"));
  return startsWithVowel ? ` d’${seller}` : ` de ${seller}`;
};

// French has a no-break space before : ? and !.
const fr: MailWords = {
  invoiceSubject: (number, seller, amount) => `Facture ${number}${deFrench(seller)}\u00a0: ${amount}`,
  reminderSubject: (number, seller, amount) =>
    `Rappel\u00a0: facture ${number}${deFrench(seller)}, ${amount}`,
  overdueSubject: (number, seller, amount) =>
    `En retard\u00a0: facture ${number}${deFrench(seller)}, ${amount}`,
  receiptSubject: (number, seller) => `Reçu pour la facture ${number}${deFrench(seller)}`,
  paymentSubject: (seller) => `Reçu de votre paiement${from("à", seller)}`,
  openReceipt: "Ouvrir le reçu",
  invoice: "Facture",
  reminder: "Rappel de paiement",
  receipt: "Reçu",
  hello: (name) => `Bonjour ${name},`,
  amountDue: "Montant à payer",
  amountPaid: "Montant payé",
  discount: "Remise",
  dueBy: (date) => `À payer au plus tard le ${date}`,
  isDue: ({ date, relative }) => `Votre facture arrive à échéance ${relative}, le ${date}.`,
  isDueToday: (date) => `Votre facture arrive à échéance aujourd’hui, le ${date}.`,
  wasDue: ({ date, relative }) =>
    `Votre facture est arrivée à échéance ${relative}, le ${date}, et reste à payer.`,
  paidMeanwhile: "Si vous avez payé entre-temps, veuillez ne pas tenir compte de cet e-mail.",
  paidOn: (date) => `Payée le ${date}`,
  pay: (amount) => `Payer ${amount}`,
  orOpen: "Ou ouvrez cette adresse dans votre navigateur\u00a0:",
  thanks: "Merci. Nous avons bien reçu votre paiement.",
  description: "Description",
  amount: "Montant",
  total: "Total",
  alreadyPaid: "Déjà payé",
  remaining: "Reste à payer",
  note: "Remarque",
  questions: "Une question\u00a0? Répondez simplement à cet e-mail.",
  testMode: "Mode test\u00a0: aucun argent réel n’est transféré.",
  colon: "\u00a0: ",
};

const es: MailWords = {
  invoiceSubject: (number, seller, amount) => `Factura ${number}${from("de", seller)}: ${amount}`,
  reminderSubject: (number, seller, amount) =>
    `Recordatorio: factura ${number}${from("de", seller)}, ${amount}`,
  overdueSubject: (number, seller, amount) => `Vencida: factura ${number}${from("de", seller)}, ${amount}`,
  receiptSubject: (number, seller) => `Recibo de la factura ${number}${from("de", seller)}`,
  paymentSubject: (seller) => `Recibo de su pago${from("a", seller)}`,
  openReceipt: "Abrir el recibo",
  invoice: "Factura",
  reminder: "Recordatorio de pago",
  receipt: "Recibo",
  hello: (name) => `Hola, ${name}:`,
  amountDue: "Importe a pagar",
  amountPaid: "Importe pagado",
  discount: "Descuento",
  dueBy: (date) => `Vence el ${date}`,
  isDue: ({ date, relative }) => `Le recordamos que su factura vence ${relative}, el ${date}.`,
  isDueToday: (date) => `Le recordamos que su factura vence hoy, ${date}.`,
  wasDue: ({ date, relative }) => `Su factura venció ${relative}, el ${date}, y sigue pendiente.`,
  paidMeanwhile: "Si ya ha pagado, no tenga en cuenta este correo.",
  paidOn: (date) => `Pagada el ${date}`,
  pay: (amount) => `Pagar ${amount}`,
  orOpen: "O abra esta dirección en su navegador:",
  thanks: "Gracias. Hemos recibido su pago.",
  description: "Descripción",
  amount: "Importe",
  total: "Total",
  alreadyPaid: "Ya pagado",
  remaining: "Pendiente",
  note: "Nota",
  questions: "¿Alguna pregunta? Responda a este correo.",
  testMode: "Modo de prueba: no se mueve dinero real.",
  colon: ": ",
};

const LANGUAGES: Record<string, MailWords> = { en, de, fr, es };

/** @param language such as `de`; English where we have no words of it */
export function wordsIn(language: string): { language: string; words: MailWords } {
  const words = LANGUAGES[language];
  return words ? { language, words } : { language: "en", words: en };
}
