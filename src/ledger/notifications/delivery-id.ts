// The id of a delivery in the API, which is its key in the table: no index is needed to find it.

export type DeliveryKey = { destinationId: string; seq: number };

/** Of one destination they sort by their age: until the year 2085 all places have as many digits. */
export function deliveryId({ destinationId, seq }: DeliveryKey): string {
  return `${deliveriesOf(destinationId)}${seq.toString(36)}`;
}

/** What the ids of a destination's deliveries begin with; no other destination's do. */
export function deliveriesOf(destinationId: string): string {
  return `dlv_${destinationId.replace(/^dest_/, "")}_`;
}

/** What the ids of all deliveries of its destination begin with. */
export function laneOfDelivery(id: string): string {
  return id.slice(0, id.lastIndexOf("_") + 1);
}

/** Undefined for what is no such id. */
export function deliveryKey(id: string): DeliveryKey | undefined {
  const [, destination, place] = /^dlv_(.+)_([0-9a-z]{1,11})$/.exec(id) ?? [];
  if (destination === undefined || place === undefined) return undefined;
  const seq = Number.parseInt(place, 36);
  return Number.isSafeInteger(seq) ? { destinationId: `dest_${destination}`, seq } : undefined;
}
