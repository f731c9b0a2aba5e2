import { readFileSync } from 'node:fs';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig, type Plugin } from 'vite';

// The program that serves the app reads the network of sea lanes from dist, as it
// reads the land; the app itself shows routes that the program has laid down.
const sealanes: Plugin = {
  name: 'sealanes',
  generateBundle() {
    const source = readFileSync(new URL('.basemap/sealanes.json', import.meta.url));
    this.emitFile({ type: 'asset', name: 'sealanes.json', source });
  },
};

// A build is the same bytes wherever it is made: fixed names from content,
// no dates, no source maps. Nothing is inlined, so that the page works under a
// content security policy without 'unsafe-inline'.
export default defineConfig({
  base: './',
  plugins: [svelte(), sealanes],
  build: {
    target: 'es2022',
    license: { fileName: 'licences.txt' }, // of everything that is in the bundle
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1700, // swagger-ui, loaded by the API page alone
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            { name: 'maplibre', test: /node_modules[\\/](maplibre-gl|@maplibre|@mapbox)/ },
            { name: 'swagger', test: /node_modules[\\/]swagger-ui-dist/ },
          ],
        },
      },
    },
  },
  server: {
    proxy: Object.fromEntries(
      ['/api', '/openapi.json'].map((path) => [path, process.env['NAVICERT_URL'] ?? 'http://127.0.0.1:8080']),
    ),
  },
});
