// A QR code as an SVG of one path: black on white in the dark too, as cameras read it best.

import { generate } from "lean-qr";

/** @param text a URL: some thousand characters are too many for any code */
export function QrCode({ text, label }: { text: string; label: string }) {
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
