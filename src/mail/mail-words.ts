// The words of the mails, by language. Pure. Amounts and dates are formatted elsewhere and put in as they are.

export type MailWords = {
  /** Subjects; the seller is known or not. */
  invoiceSubject: (number: string, seller: string | null, amount: string) => string;
  receiptSubject: (number: string, seller: string | null) => string;
  invoice: string;
  receipt: string;
  hello: (name: string) => string;
  amountDue: string;
  amountPaid: string;
  discount: string;
  dueBy: (date: string) => string;
  paidOn: (date: string) => string;
  pay: (amount: string) => string;
  orOpen: string;
  thanks: string;
  description: string;
  amount: string;
  total: string;
  alreadyPaid: string;
  remaining: string;
  note: string;
  questions: string;
  testMode: string;
};

const from = (word: string, seller: string | null) => (seller === null ? "" : ` ${word} ${seller}`);

const en: MailWords = {
  invoiceSubject: (number, seller, amount) => `Invoice ${number}${from("from", seller)}: ${amount}`,
  receiptSubject: (number, seller) => `Receipt for invoice ${number}${from("from", seller)}`,
  invoice: "Invoice",
  receipt: "Receipt",
  hello: (name) => `Hello ${name},`,
  amountDue: "Amount due",
  amountPaid: "Amount paid",
  discount: "Discount",
  dueBy: (date) => `Due by ${date}`,
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
};

const de: MailWords = {
  invoiceSubject: (number, seller, amount) => `Rechnung ${number}${from("von", seller)}: ${amount}`,
  receiptSubject: (number, seller) => `Zahlungsbeleg zu Rechnung ${number}${from("von", seller)}`,
  invoice: "Rechnung",
  receipt: "Zahlungsbeleg",
  hello: (name) => `Guten Tag ${name},`,
  amountDue: "Zu zahlen",
  amountPaid: "Bezahlt",
  discount: "Rabatt",
  dueBy: (date) => `Fällig bis ${date}`,
  paidOn: (date) => `Bezahlt am ${date}`,
  pay: (amount) => `${amount} bezahlen`,
  orOpen: "Oder öffnen Sie diese Adresse im Browser:",
  thanks: "Vielen Dank. Ihre Zahlung ist eingegangen.",
  description: "Beschreibung",
  amount: "Betrag",
  total: "Summe",
  alreadyPaid: "Bereits bezahlt",
  remaining: "Noch offen",
  note: "Hinweis",
  questions: "Fragen? Antworten Sie einfach auf diese Mail.",
  testMode: "Testmodus: Es fließt kein echtes Geld.",
};

const fr: MailWords = {
  invoiceSubject: (number, seller, amount) => `Facture ${number}${from("de", seller)} : ${amount}`,
  receiptSubject: (number, seller) => `Reçu pour la facture ${number}${from("de", seller)}`,
  invoice: "Facture",
  receipt: "Reçu",
  hello: (name) => `Bonjour ${name},`,
  amountDue: "Montant à payer",
  amountPaid: "Montant payé",
  discount: "Remise",
  dueBy: (date) => `À payer avant le ${date}`,
  paidOn: (date) => `Payée le ${date}`,
  pay: (amount) => `Payer ${amount}`,
  orOpen: "Ou ouvrez cette adresse dans votre navigateur :",
  thanks: "Merci. Nous avons bien reçu votre paiement.",
  description: "Description",
  amount: "Montant",
  total: "Total",
  alreadyPaid: "Déjà payé",
  remaining: "Reste à payer",
  note: "Remarque",
  questions: "Une question ? Répondez simplement à cet e-mail.",
  testMode: "Mode test : aucun argent réel n'est transféré.",
};

const es: MailWords = {
  invoiceSubject: (number, seller, amount) => `Factura ${number}${from("de", seller)}: ${amount}`,
  receiptSubject: (number, seller) => `Recibo de la factura ${number}${from("de", seller)}`,
  invoice: "Factura",
  receipt: "Recibo",
  hello: (name) => `Hola, ${name}:`,
  amountDue: "Importe a pagar",
  amountPaid: "Importe pagado",
  discount: "Descuento",
  dueBy: (date) => `Vence el ${date}`,
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
};

const LANGUAGES: Record<string, MailWords> = { en, de, fr, es };

/** @param language such as `de`; English where we have no words of it */
export function wordsIn(language: string): { language: string; words: MailWords } {
  const words = LANGUAGES[language];
  return words ? { language, words } : { language: "en", words: en };
}
