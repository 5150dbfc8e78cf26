// The time zone in which a page shows times, for whatever part of it shows one.

import { createContext } from "hono/jsx";
import { DEFAULT_TIME_ZONE } from "../../platform/time-zone.ts";

/** IANA: the environment's. */
export const TimeZone = createContext(DEFAULT_TIME_ZONE);
