// The pages behind payment URLs in English.

import type { PageWords } from "../page-words.ts";

export const en: PageWords = {
  says: {
    making_link: ["One moment", () => "Your payment page is being prepared. It opens by itself."],
    partly_paid: ["Part of it is paid", () => "Thank you. What is left can be paid here."],
    processing: [
      "Your payment is on its way",
      (seller) =>
        `Some payments take a few days to arrive. There is nothing left for you to do; ${seller} will see it.`,
    ],
    paid: ["Paid, thank you", (seller) => `${seller} has received your payment.`],
    overpaid: [
      "Paid, thank you",
      (seller) => `More has arrived than was due. ${seller} can tell you about the difference.`,
    ],
    partly_refunded: [
      "Paid, and partly refunded",
      (seller) => `${seller} has sent part of it back. It can take some days until you see it.`,
    ],
    refunded: [
      "Your payment was refunded",
      (seller) => `${seller} has sent it back. It can take some days until you see it.`,
    ],
    disputed: [
      "Your bank is looking into it",
      (seller) =>
        `This payment was disputed with the bank. There is nothing to pay here; ask ${seller} if you have a question.`,
    ],
    void: [
      "This invoice was withdrawn",
      (seller) => `There is nothing to pay. Ask ${seller} if you have a question.`,
    ],
    uncollectible: [
      "This invoice is closed",
      (seller) => `It can no longer be paid here. To pay it all the same, ask ${seller}.`,
    ],
    no_link: [
      "It cannot be paid here just now",
      (seller) => `Ask ${seller}, who can make it payable again or name another way.`,
    ],
    unavailable: [
      "Payments are paused",
      (seller) => `${seller} takes no payments here at the moment. Try again later, or ask ${seller}.`,
    ],
    unknown: [
      "There is no invoice here",
      () => "Check that the address was copied whole, or ask whoever sent it to you.",
    ],
    too_often: ["That was too often", () => "Please wait a minute, then try again."],
    broken: ["It does not work just now", () => "Nothing was charged. Please try again in a moment."],
  },
  takesLong: (seller) =>
    `Your payment page takes longer than usual. Try again later, or ask ${seller}. This address stays the same.`,
  payAnew: (seller) => `Only if ${seller} has asked you to pay another way:`,
  payAnewButton: "Pay another way",
  receiptButton: "Open the receipt",
  writeTo: (address) => `Write to ${address}`,
  retryButton: "Try again",
  refunded: "Refunded",
};
