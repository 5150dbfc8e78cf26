// Whether one customer alone has a mail address at Stripe. Its list takes the address letter by letter
// (https://docs.stripe.com/api/customers/list#list_customers-email).

import type Stripe from "stripe";

export async function isOnlyWithEmail(stripe: Stripe, email: string): Promise<boolean> {
  const { data } = await stripe.customers.list({ email, limit: 2 });
  return data.length === 1;
}
