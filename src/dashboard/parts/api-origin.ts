// Where our API is reached, for whatever part of a page shows a call of it.

import { createContext } from "hono/jsx";

/** Without a trailing slash: `https://pay.example.com`. */
export const ApiOrigin = createContext("");
