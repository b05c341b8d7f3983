// What may stand on paper that a customer may see?

/** The text with every sum of money covered, as long as somebody wants it so. */
export function covered(text: string, isCovered: boolean): string {
  return isCovered ? text.replace(/[+\u2212-]?\$\s?\d[\d,]*(?:\.\d+)?(?:k\b)?(?:[–-]\d[\d,]*)?/g, '$ ···') : text;
}
