// Completes dist/licences.txt, which Vite writes of the packages in the bundle:
// swagger-ui's own bundle holds further packages, and the coastlines are data.
import { appendFileSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const read = (path) => readFileSync(require.resolve(path), 'utf8').trim();

const within = read('swagger-ui-dist/swagger-ui-es-bundle.js.LICENSE.txt');
const atlas = read('world-atlas/LICENSE');

appendFileSync(
  new URL('../dist/licences.txt', import.meta.url),
  `
## Packages within swagger-ui-dist

${within}

## Coastlines: world-atlas (ISC), from Natural Earth (public domain)

${atlas}
`,
);
