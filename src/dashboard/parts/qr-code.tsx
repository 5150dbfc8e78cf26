// A QR code as an SVG of one path: black on white in the dark too, as cameras read it best.

import { generate } from "lean-qr";
import { byteLength } from "../../platform/text.ts";

// The largest code holds some 2,300 bytes, and no camera reads one of so many from a screen.
const MOST_BYTES = 1000;

/** Nothing where the text is too long for a code. @param text a URL */
export function QrCode({ text, label }: { text: string; label: string }) {
  if (byteLength(text) > MOST_BYTES) return null;
  const code = generate(text);
  let dark = "";
  for (let y = 0; y < code.size; y++)
    for (let x = 0; x < code.size; x++) if (code.get(x, y)) dark += `M${x} ${y}h1v1h-1z`;
  return (
    <svg class="qr" viewBox={`0 0 ${code.size} ${code.size}`} role="img" aria-label={label}>
      <path d={dark} fill="#000" shape-rendering="crispEdges" />
    </svg>
  );
}
