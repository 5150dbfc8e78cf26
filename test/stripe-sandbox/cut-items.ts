// A subscription shows its first ten items alone; the others are listed by themselves
// (https://docs.stripe.com/api/subscription_items/list).

const SHOWN = 10;

type Items = { object: "list"; url: string; data: unknown[] };

/** For JSON.stringify: cuts the items that stand inside a subscription. */
export function cutItems(_key: string, value: unknown): unknown {
  if (!isItems(value) || value.data.length <= SHOWN) return value;
  return { ...value, data: value.data.slice(0, SHOWN), has_more: true };
}

function isItems(value: unknown): value is Items {
  if (typeof value !== "object" || value === null) return false;
  const list = value as Partial<Items>;
  return (
    list.object === "list" &&
    list.url?.startsWith("/v1/subscription_items?") === true &&
    Array.isArray(list.data)
  );
}
