// Every error as application/problem+json (RFC 9457), with the request's id. What was not expected is
// logged whole and answered without its words: no stack, SQL or secret leaves.

import { HTTPException } from "hono/http-exception";
import * as z from "zod";
import { AppError, type ErrorCode, type FieldError } from "../platform/app-error.ts";
import {
  MOST_DETAIL_CHARACTERS,
  MOST_ERRORS,
  MOST_MESSAGE_CHARACTERS,
  MOST_PATH_CHARACTERS,
} from "../platform/bounds.ts";
import { causeText, errorText, type Logger, maskSecrets } from "../platform/logger.ts";
import { cutText } from "../platform/text.ts";

export const problemSchema = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int().min(400).max(599),
    detail: z.string().max(MOST_DETAIL_CHARACTERS),
    code: z.string().meta({ description: "A stable word for machines, such as `validation_failed`." }),
    request_id: z.string(),
    errors: z
      .array(
        z.object({
          path: z.string().max(MOST_PATH_CHARACTERS),
          message: z.string().max(MOST_MESSAGE_CHARACTERS),
        }),
      )
      .optional()
      .meta({ description: "Each failing place of the input, up to 100 of them.", maxItems: MOST_ERRORS }),
  })
  .meta({ id: "Problem" });

export type Problem = z.infer<typeof problemSchema>;

/** Answers an error; unexpected ones are logged with their words and answered without. */
export function problemResponse(error: unknown, requestId: string, log: Logger): Response {
  const known = asAppError(error);
  if (known.status >= 500) {
    log.error("request failed", { code: known.code, error: errorText(error), cause: causeText(error) });
  }
  const body: Problem = {
    type: `/docs/errors#error-${known.code}`,
    title: titleOf(known.code),
    status: known.status,
    detail: said(known.message, MOST_DETAIL_CHARACTERS),
    code: known.code,
    request_id: requestId,
    ...(known.errors ? { errors: known.errors.slice(0, MOST_ERRORS).map(shown) } : {}),
  };
  const headers: Record<string, string> = {
    "content-type": "application/problem+json",
    "x-request-id": requestId,
  };
  const retryAfter = known.retryAfterSeconds ?? (known.status === 503 ? 5 : undefined);
  if (retryAfter !== undefined && [429, 502, 503].includes(known.status))
    headers["retry-after"] = String(retryAfter);
  if (known.status === 401) headers["www-authenticate"] = "Bearer";
  return new Response(JSON.stringify(body), { status: known.status, headers });
}

// Words often quote what was sent, which may be as long as a body.
function said(words: string, most: number): string {
  const masked = maskSecrets(words.slice(0, 2 * most));
  return masked.length > most ? `${cutText(masked, most - 1)}…` : masked;
}

function shown({ path, message }: FieldError): FieldError {
  return { path: said(path, MOST_PATH_CHARACTERS), message: said(message, MOST_MESSAGE_CHARACTERS) };
}

function asAppError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  if (error instanceof HTTPException && error.status === 400) {
    return new AppError("malformed_json", { detail: "The body is not valid JSON.", cause: error });
  }
  // Hono's word for a body that is needed and not there: one of another type was told apart before.
  if (error instanceof HTTPException && error.status === 415) {
    const detail = "This call needs a JSON body, with the header 'content-type: application/json'.";
    return new AppError("unsupported_media_type", { detail, cause: error });
  }
  const detail = "Something went wrong at our end. Quote the request id when you report it.";
  return new AppError("internal_error", { detail, cause: error });
}

/** `invoice_not_finalizable` -> `Invoice not finalizable`. */
function titleOf(code: ErrorCode): string {
  const words = code.replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}
