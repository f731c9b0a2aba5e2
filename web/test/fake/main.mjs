// npm run fake: the fake server for "npm run dev", where navicert would listen.
import { start } from './server.mjs';

const { url } = await start({ port: 8080, mode: process.argv[2] ?? 'full' });
console.log(`fake navicert with an invented world at ${url}`);
