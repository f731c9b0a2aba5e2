// Writes dist/SOURCES.sha256: the hash of every file that the build reads, as
// sha256sum prints them, so that a Go test without Node can tell whether dist
// was built from the sources beside it (embed_test.go walks the same files).
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Folders taken whole, and single files. */
const FOLDERS = ['public', 'src', 'tools'];
const FILES = [
  '.npmrc',
  'index.html',
  'package-lock.json',
  'package.json',
  'svelte.config.js',
  'tsconfig.json',
  'vite.config.ts',
];

function walk(folder) {
  return readdirSync(`${root}/${folder}`, { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    return entry.isDirectory() ? walk(path) : [path];
  });
}

const lines = [...FILES, ...FOLDERS.flatMap(walk)].sort().map((path) => {
  const hash = createHash('sha256')
    .update(readFileSync(`${root}/${path}`))
    .digest('hex');
  return `${hash}  ${path}\n`;
});
writeFileSync(`${root}/dist/SOURCES.sha256`, lines.join(''));
console.log(`dist/SOURCES.sha256: ${lines.length} files`);
