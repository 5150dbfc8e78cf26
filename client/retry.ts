// Tries again what may be tried again: what was refused unread (429), and where doing it twice is doing it once, what
// was broken off or failed for the moment (502, 503).

export type RetrySettings = {
  fetch?: (request: Request) => Promise<Response>;
  /** How often a call is tried again at most; 3 where left out. */
  retries?: number;
  /** Waits so many ms. */
  sleep?: (ms: number) => Promise<void>;
};

const FIRST_WAIT_MS = 500;
// Whoever asks for more is told so by the answer itself.
const LONGEST_WAIT_MS = 60_000;

export function withRetries(settings: RetrySettings): (request: Request) => Promise<Response> {
  const { fetch: send = (request) => fetch(request), retries = 3, sleep = wait } = settings;
  return async (asked) => {
    const request = withIdempotencyKey(asked);
    for (let attempt = 0; ; attempt++) {
      const isLast = attempt >= retries;
      const answer = await send(request.clone()).catch((error: unknown) => {
        if (isLast || !isSafe(request) || request.signal.aborted) throw error;
        return null;
      });
      const wanted = answer && waitOf(answer, attempt);
      if (answer && (isLast || !mayHelp(answer, request) || (wanted ?? 0) > LONGEST_WAIT_MS)) return answer;
      await answer?.body?.cancel();
      await sleep(wanted ?? FIRST_WAIT_MS * 2 ** attempt);
    }
  };
}

function withIdempotencyKey(request: Request): Request {
  if (request.method !== "POST" || request.headers.has("idempotency-key")) return request;
  const headers = new Headers(request.headers);
  headers.set("idempotency-key", crypto.randomUUID());
  return new Request(request, { headers });
}

// A POST has its key. What PATCH and DELETE came to when they were broken off is asked, not guessed.
function isSafe({ method }: Request): boolean {
  return method !== "PATCH" && method !== "DELETE";
}

function mayHelp({ status }: Response, request: Request): boolean {
  return status === 429 || ((status === 502 || status === 503) && isSafe(request));
}

/** In ms: as long as the answer asks, or twice as long each time. */
function waitOf(answer: Response, attempt: number): number {
  const asked = Number(answer.headers.get("retry-after") ?? Number.NaN);
  return Number.isFinite(asked) ? asked * 1000 : FIRST_WAIT_MS * 2 ** attempt;
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
