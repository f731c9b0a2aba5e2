// The marks on every printed page: the certificate's number, the page of how
// many, and that it is simulated. They are a style sheet of their own, made in
// the page because each certificate has its own, and without an inline style.
import type { Certificate } from '../api/wire';

const text = (s: string) => `"${s.replace(/[^\w .:,()–—-]/g, '')}"`;

/** Adds the marks; returns how to take them away. */
export function printMarks(c: Certificate): () => void {
  const mark = c.simulated
    ? `@top-center { content: ${text('SIMULATED — invented vessels')}; font: bold 13pt sans-serif; vertical-align: bottom; padding-bottom: 2mm; }`
    : '';
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`@page {
    ${mark}
    @bottom-left { content: ${text(`navicert certificate ${c.id}`)}; font: 7pt sans-serif; }
    @bottom-right { content: "Page " counter(page) " of " counter(pages); font: 7pt sans-serif; }
  }`);
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  return () => {
    document.adoptedStyleSheets = document.adoptedStyleSheets.filter((s) => s !== sheet);
  };
}
