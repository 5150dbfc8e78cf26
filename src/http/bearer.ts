// The credential that a request carries, in either of the two headers that may hold one.

/** Null for none. */
export function bearerOf(request: Request): string | null {
  const apiKey = request.headers.get("x-api-key");
  if (apiKey !== null) return apiKey.trim();
  const [scheme, token] = (request.headers.get("authorization") ?? "").trim().split(/\s+/, 2);
  return scheme?.toLowerCase() === "bearer" && token ? token : null;
}
