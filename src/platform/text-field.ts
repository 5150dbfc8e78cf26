// Zod's fields for text that is stored and passed on: trimmed, counted in characters, and nothing but text.

import * as z from "zod";
import { mailAddressProblem } from "./mail-address.ts";
import { countCharacters, textProblem } from "./text.ts";

/** @param most in characters */
export function textField(most: number) {
  return z
    .string()
    .trim()
    .refine((text) => textProblem(text) === null, {
      error: ({ input }) => textProblem(String(input)) ?? undefined,
    })
    .refine((text) => countCharacters(text) <= most, { error: `At most ${most} characters.` })
    .meta({ maxLength: most });
}

export const mailAddressField = z
  .string()
  .trim()
  .refine((address) => mailAddressProblem(address) === null, {
    error: ({ input }) => mailAddressProblem(String(input)) ?? undefined,
  })
  .meta({ format: "email", maxLength: 254 });
