// How a receiver verifies our messages, in five languages, each whole and with nothing but what its language brings:
// dashboard and docs show these, and a test runs them. They follow Standard Webhooks (https://www.standardwebhooks.com).

export type VerifySnippet = { language: string; fileName: string; code: string };

const NODE = `import { createHmac, timingSafeEqual } from "node:crypto";

// rawBody is the text as it came, before any JSON parser. Throws unless it is Quittance's.
export function verify(secret, headers, rawBody) {
  const id = headers["webhook-id"] ?? "";
  const timestamp = headers["webhook-timestamp"] ?? "";
  if (!(Math.abs(Date.now() / 1000 - Number(timestamp)) <= 300)) throw new Error("Too old, or ahead of time");
  const key = Buffer.from(secret.replace(/^whsec_/, ""), "base64");
  const right = createHmac("sha256", key).update(\`\${id}.\${timestamp}.\${rawBody}\`).digest();
  // While a secret is being replaced there are two signatures.
  for (const part of (headers["webhook-signature"] ?? "").split(" ")) {
    const given = Buffer.from(part.replace(/^v1,/, ""), "base64");
    if (given.length === right.length && timingSafeEqual(given, right)) return JSON.parse(rawBody);
  }
  throw new Error("The signature is wrong");
}
`;

const PYTHON = `import base64
import hashlib
import hmac
import json
import time


def verify(secret, headers, raw_body):
    """raw_body: the bytes as they came. Raises ValueError unless they are Quittance's."""
    message_id = headers.get("webhook-id", "")
    timestamp = headers.get("webhook-timestamp", "")
    if not timestamp.isdigit() or abs(time.time() - int(timestamp)) > 300:
        raise ValueError("Too old, or ahead of time")
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{message_id}.{timestamp}.".encode() + raw_body
    right = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    # While a secret is being replaced there are two signatures.
    for part in headers.get("webhook-signature", "").split(" "):
        if hmac.compare_digest(part.encode(), f"v1,{right}".encode()):
            return json.loads(raw_body)
    raise ValueError("The signature is wrong")
`;

const GO = `package quittance

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Verify takes the body as it came, and returns an error unless it is Quittance's.
func Verify(secret string, headers http.Header, rawBody []byte) error {
	id, timestamp := headers.Get("webhook-id"), headers.Get("webhook-timestamp")
	seconds, err := strconv.ParseInt(timestamp, 10, 64)
	if err != nil || math.Abs(float64(time.Now().Unix()-seconds)) > 300 {
		return errors.New("too old, or ahead of time")
	}
	key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(secret, "whsec_"))
	if err != nil {
		return err
	}
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(id + "." + timestamp + "."))
	mac.Write(rawBody)
	right := "v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil))
	// While a secret is being replaced there are two signatures.
	for _, part := range strings.Split(headers.Get("webhook-signature"), " ") {
		if hmac.Equal([]byte(part), []byte(right)) {
			return nil
		}
	}
	return errors.New("the signature is wrong")
}
`;

const RUBY = `require "json"
require "openssl"

# raw_body is the text as it came. Raises unless it is Quittance's.
def verify(secret, headers, raw_body)
  id, timestamp = headers["webhook-id"].to_s, headers["webhook-timestamp"].to_s
  raise "Too old, or ahead of time" unless timestamp.match?(/\\A\\d+\\z/) && (Time.now.to_i - timestamp.to_i).abs <= 300
  key = secret.delete_prefix("whsec_").unpack1("m0")
  right = [OpenSSL::HMAC.digest("SHA256", key, "#{id}.#{timestamp}.#{raw_body}")].pack("m0")
  # While a secret is being replaced there are two signatures.
  given = headers["webhook-signature"].to_s.split(" ")
  raise "The signature is wrong" unless given.any? { |part| OpenSSL.secure_compare(part, "v1,#{right}") }
  JSON.parse(raw_body)
end
`;

const PHP = `<?php

/** $rawBody is the text as it came: file_get_contents('php://input'). Throws unless it is Quittance's. */
function verify(string $secret, array $headers, string $rawBody): array
{
    $id = $headers['webhook-id'] ?? '';
    $timestamp = $headers['webhook-timestamp'] ?? '';
    if (!ctype_digit($timestamp) || abs(time() - (int) $timestamp) > 300) {
        throw new RuntimeException('Too old, or ahead of time');
    }
    $key = base64_decode(preg_replace('/^whsec_/', '', $secret), true);
    $right = 'v1,' . base64_encode(hash_hmac('sha256', "$id.$timestamp.$rawBody", $key, true));
    // While a secret is being replaced there are two signatures.
    foreach (explode(' ', $headers['webhook-signature'] ?? '') as $given) {
        if (hash_equals($right, $given)) {
            return json_decode($rawBody, true, 64, JSON_THROW_ON_ERROR);
        }
    }
    throw new RuntimeException('The signature is wrong');
}
`;

export const VERIFY_SNIPPETS: readonly VerifySnippet[] = [
  { language: "Node.js", fileName: "verify.mjs", code: NODE },
  { language: "Python", fileName: "verify.py", code: PYTHON },
  { language: "Go", fileName: "verify.go", code: GO },
  { language: "Ruby", fileName: "verify.rb", code: RUBY },
  { language: "PHP", fileName: "verify.php", code: PHP },
];

/** As a page shows them: the language and its code. */
export const SNIPPETS_BY_LANGUAGE = VERIFY_SNIPPETS.map(({ language, code }) => [language, code] as const);
