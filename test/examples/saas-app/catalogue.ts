// What the product sells, by the names that its prices have at Quittance: the same in test and live.

export const PLANS = [
  { name: "starter", title: "Starter", price: "9.00 EUR a month", for: "One project, mail support." },
  { name: "pro", title: "Pro", price: "29.00 EUR a month", for: "Any number of projects, priority support." },
] as const;

export const PRODUCT = {
  name: "workshop",
  title: "Workshop",
  price: "49.00 EUR once",
  for: "Two hours with one of us.",
} as const;

export type PlanName = (typeof PLANS)[number]["name"];

export function findPlan(name: unknown) {
  return PLANS.find((plan) => plan.name === name);
}
