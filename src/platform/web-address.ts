/** Whether it may be followed: an address that came from elsewhere may also be `javascript:` or none at all. */
export function isWebAddress(url: string): boolean {
  return /^https?:\/\//i.test(url) && URL.canParse(url);
}
