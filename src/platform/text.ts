// Text as people and Stripe count it: by characters (code points), never by halves of one. Pure.

// Control characters but tab and line breaks: a NUL ends a text early where it goes on from here, and no form
// shows the others.
const CONTROL = /(?![\t\n\r])\p{Cc}/u;

const segmenter = new Intl.Segmenter();

/** What is wrong with a text wherever it may go, in a sentence; null for nothing. */
export function textProblem(text: string): string | null {
  // Such a one cannot be encoded: `encodeURIComponent` throws, UTF-8 has none.
  if (!text.isWellFormed()) return "It holds half a character (a surrogate without its other half).";
  if (CONTROL.test(text)) return "It holds a control character other than a tab or a line break.";
  return null;
}

/** How many characters it has: an emoji of one code point is one, though JavaScript's `length` says two. */
export function countCharacters(text: string): number {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}

/** Its bytes in UTF-8. */
export function byteLength(text: string): number {
  return new TextEncoder().encode(text).byteLength;
}

/** The beginning of a text, at most so many characters, without part of what is shown as one: a flag, an accent. */
export function cutText(text: string, most: number): string {
  if (text.length <= most) return text.toWellFormed();
  let kept = "";
  let count = 0;
  for (const { segment } of segmenter.segment(text)) {
    count += countCharacters(segment);
    if (count > most) break;
    kept += segment;
  }
  // One letter with a thousand accents is cut all the same.
  return (kept === "" ? Array.from(text).slice(0, most).join("") : kept).toWellFormed();
}
