// The pages behind payment URLs in German.

import type { PageWords } from "../page-words.ts";

export const de: PageWords = {
  says: {
    making_link: ["Einen Moment", () => "Ihre Zahlungsseite wird vorbereitet. Sie öffnet sich von selbst."],
    partly_paid: ["Ein Teil ist bezahlt", () => "Vielen Dank. Den Rest können Sie hier bezahlen."],
    processing: [
      "Ihre Zahlung ist unterwegs",
      (seller) =>
        `Manche Zahlungen brauchen einige Tage. Sie müssen nichts weiter tun; ${seller} sieht, wenn sie ankommt.`,
    ],
    paid: ["Bezahlt, vielen Dank", (seller) => `Ihre Zahlung ist bei ${seller} eingegangen.`],
    overpaid: [
      "Bezahlt, vielen Dank",
      (seller) => `Es ist mehr eingegangen, als fällig war. Über den Unterschied gibt ${seller} Auskunft.`,
    ],
    partly_refunded: [
      "Bezahlt und teilweise erstattet",
      (seller) => `${seller} hat einen Teil zurückgezahlt. Bis Sie das sehen, können einige Tage vergehen.`,
    ],
    refunded: [
      "Ihre Zahlung wurde erstattet",
      (seller) => `${seller} hat sie zurückgezahlt. Bis Sie das sehen, können einige Tage vergehen.`,
    ],
    disputed: [
      "Ihre Bank prüft die Zahlung",
      (seller) =>
        `Gegen diese Zahlung wurde bei der Bank Einspruch erhoben. Hier ist nichts zu zahlen; Fragen beantwortet ${seller}.`,
    ],
    void: [
      "Diese Rechnung wurde zurückgezogen",
      (seller) => `Es ist nichts zu zahlen. Fragen beantwortet ${seller}.`,
    ],
    uncollectible: [
      "Diese Rechnung ist geschlossen",
      (seller) =>
        `Sie kann hier nicht mehr bezahlt werden. Möchten Sie sie dennoch bezahlen, fragen Sie ${seller}.`,
    ],
    no_link: [
      "Hier kann gerade nicht bezahlt werden",
      (seller) => `Fragen Sie ${seller}: Dort kann man es wieder ermöglichen oder einen anderen Weg nennen.`,
    ],
    unavailable: [
      "Zahlungen ruhen",
      (seller) =>
        `${seller} nimmt hier zurzeit keine Zahlungen an. Versuchen Sie es später wieder, oder fragen Sie ${seller}.`,
    ],
    unknown: [
      "Hier gibt es keine Rechnung",
      () => "Prüfen Sie, ob die Adresse vollständig ist, oder fragen Sie, wer sie Ihnen geschickt hat.",
    ],
    too_often: ["Das war zu oft", () => "Bitte warten Sie eine Minute, und versuchen Sie es dann wieder."],
    broken: [
      "Das geht gerade nicht",
      () => "Es wurde nichts abgebucht. Bitte versuchen Sie es gleich noch einmal.",
    ],
  },
  takesLong: (seller) =>
    `Ihre Zahlungsseite braucht länger als sonst. Versuchen Sie es später wieder, oder fragen Sie ${seller}. Diese Adresse bleibt dieselbe.`,
  payAnew: (seller) => `Nur falls ${seller} Sie gebeten hat, anders zu bezahlen:`,
  payAnewButton: "Anders bezahlen",
  receiptButton: "Beleg öffnen",
  writeTo: (address) => `An ${address} schreiben`,
  retryButton: "Noch einmal versuchen",
  refunded: "Erstattet",
};
