// The pages behind payment URLs in French.

import type { PageWords } from "../page-words.ts";

export const fr: PageWords = {
  says: {
    making_link: [
      "Un instant",
      () => "Votre page de paiement est en préparation. Elle s'ouvrira d'elle-même.",
    ],
    partly_paid: ["Une partie est payée", () => "Merci. Vous pouvez payer le reste ici."],
    processing: [
      "Votre paiement est en cours",
      (seller) =>
        `Certains paiements mettent quelques jours à arriver. Vous n'avez plus rien à faire ; ${seller} le verra.`,
    ],
    paid: ["Payé, merci", (seller) => `${seller} a bien reçu votre paiement.`],
    overpaid: [
      "Payé, merci",
      (seller) => `Le montant reçu dépasse le montant dû. ${seller} peut vous renseigner sur la différence.`,
    ],
    partly_refunded: [
      "Payé, et remboursé en partie",
      (seller) => `${seller} en a remboursé une partie. Elle peut mettre quelques jours à vous parvenir.`,
    ],
    refunded: [
      "Votre paiement a été remboursé",
      (seller) => `${seller} l'a remboursé. Il peut mettre quelques jours à vous parvenir.`,
    ],
    disputed: [
      "Votre banque examine ce paiement",
      (seller) =>
        `Ce paiement a été contesté auprès de la banque. Il n'y a rien à payer ici ; pour toute question, adressez-vous à ${seller}.`,
    ],
    void: [
      "Cette facture a été retirée",
      (seller) => `Il n'y a rien à payer. Pour toute question, adressez-vous à ${seller}.`,
    ],
    uncollectible: [
      "Cette facture est close",
      (seller) => `Elle ne peut plus être payée ici. Pour la payer malgré tout, adressez-vous à ${seller}.`,
    ],
    no_link: [
      "Le paiement n'est pas possible ici pour le moment",
      (seller) => `Adressez-vous à ${seller}, qui peut le rendre possible ou vous indiquer un autre moyen.`,
    ],
    unavailable: [
      "Les paiements sont suspendus",
      (seller) =>
        `${seller} n'accepte pas de paiement ici pour le moment. Réessayez plus tard, ou adressez-vous à ${seller}.`,
    ],
    unknown: [
      "Il n'y a pas de facture ici",
      () => "Vérifiez que l'adresse est complète, ou demandez à la personne qui vous l'a envoyée.",
    ],
    too_often: ["Trop de tentatives", () => "Patientez une minute, puis réessayez."],
    broken: [
      "Cela ne fonctionne pas pour le moment",
      () => "Rien n'a été débité. Réessayez dans un instant.",
    ],
  },
  takesLong: (seller) =>
    `Votre page de paiement prend plus de temps que d'habitude. Réessayez plus tard, ou adressez-vous à ${seller}. Cette adresse reste la même.`,
  payAnew: (seller) => `Seulement si ${seller} vous a demandé de payer autrement :`,
  payAnewButton: "Payer autrement",
  receiptButton: "Ouvrir le reçu",
  writeTo: (address) => `Écrire à ${address}`,
  retryButton: "Réessayer",
  refunded: "Remboursé",
};
