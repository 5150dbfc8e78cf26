// The cards that the payment page offers by click. https://docs.stripe.com/testing

export type TestCard = { number: string; does: string };

export const TEST_CARDS: readonly TestCard[] = [
  { number: "4242 4242 4242 4242", does: "Succeeds" },
  { number: "4000 0027 6000 3184", does: "Asks for 3-D Secure" },
  { number: "4000 0000 0000 0002", does: "Declined" },
  { number: "4000 0000 0000 9995", does: "Insufficient funds" },
  { number: "4000 0000 0000 0069", does: "Expired card" },
  { number: "4000 0000 0000 0259", does: "Paid, then disputed" },
];
