// IMO numbers and MMSIs as people type them, checked before they are sent.

/** The check digit that six digits ask for: the last digit of 7a+6b+5c+4d+3e+2f (IMO Res. A.1117(30)). */
export function checkDigit(six: string): number {
  let sum = 0;
  for (let i = 0; i < 6; i++) sum += (7 - i) * Number(six[i]);
  return sum % 10;
}

/** The number, or what is wrong with it in words. */
export function parseIMO(text: string): { imo: number } | { wrong: string } {
  const digits = text.trim().replace(/^imo(\s*no\.?)?[\s.:#-]*/i, '');
  if (!/^\d{7}$/.test(digits)) return { wrong: 'An IMO number has seven digits.' };
  const want = checkDigit(digits);
  if (want !== Number(digits[6])) {
    return {
      wrong: `The check digit is ${digits[6]}; for ${digits.slice(0, 6)} it would be ${want}. Is a digit mistyped?`,
    };
  }
  return { imo: Number(digits) };
}

export function parseMMSI(text: string): { mmsi: number } | { wrong: string } {
  const digits = text.trim();
  if (!/^\d{9}$/.test(digits) || Number(digits) === 0) return { wrong: 'An MMSI has nine digits.' };
  return { mmsi: Number(digits) };
}
