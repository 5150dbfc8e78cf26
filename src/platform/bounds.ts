// How much anybody may send at once, in whatever form: the bounds that hold for every body before its own schema is
// looked at. What a single field may hold stands at the field, and in stripe-limits.ts. Pure.

/** Of a body of the API or of Stripe's; a form of the dashboard has its own, smaller. */
export const MOST_BODY_BYTES = 1024 * 1024;

/** Values and names in one body: a hundred lines of a checkout session with all they can have are some 3,000. */
export const MOST_VALUES = 10_000;

/** Of a signed event, whose lists of Stripe's have ten items each: a thousand or two is usual. */
export const MOST_EVENT_VALUES = 100_000;

/** Lists and objects within one another: deeper than anything that is read here, or that Stripe sends. */
export const MOST_LEVELS = 64;

/** Failing places that one answer names, and the characters of each part of it. */
export const MOST_ERRORS = 100;
export const MOST_PATH_CHARACTERS = 200;
export const MOST_MESSAGE_CHARACTERS = 500;
export const MOST_DETAIL_CHARACTERS = 2000;

/** Of what something is looked for by, an id or a type, in characters: longer than any that there is. */
export const MOST_SOUGHT_CHARACTERS = 500;
/** Of a list's `next_cursor`, in characters. */
export const MOST_CURSOR_CHARACTERS = 1000;
/** Of a moment in RFC 3339, with as many decimals as any clock gives. */
export const MOST_TIME_CHARACTERS = 40;

/**
 * Of a text in an answer, in characters: neither database stores a longer one, 2 MB being a row's most
 * (https://developers.cloudflare.com/durable-objects/platform/limits/, https://developers.cloudflare.com/d1/platform/limits/).
 * What came from Stripe or was stored by an older version may be longer than what is taken today.
 */
export const MOST_STORED_CHARACTERS = 2 * 1024 * 1024;
/** Of a list or a map in an answer: no body and no event that it may come from has more. */
export const MOST_STORED_VALUES = MOST_EVENT_VALUES;

/** So many of the newest deliveries of each event destination are counted, whatever there are. */
export const DELIVERIES_COUNTED = 2000;

/** So many of the newest rows of a kind a search looks at, where no index leads to them. */
export const NEWEST_SEARCHED = 1000;
