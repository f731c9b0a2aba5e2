// A fake of navicert's server for developing and testing the page: the same
// paths and shapes over an invented world, with the strictest headers that the
// page must work under.
import { existsSync, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openapi } from './openapi.mjs';
import { answer, certificates, feeds, publications, rules, settlements, sources } from './papers.mjs';
import { events, FROM, iso, NOW, ships, TO, track, vesselNow, zonesAt } from './world.mjs';

const dist = fileURLToPath(new URL('../../dist', import.meta.url));

export const CSP = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "connect-src 'self'",
  "worker-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const types = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
};

const problem = (status, detail) => ({ status, body: { title: 'Error', status, detail } });

/** The API over the invented world; state.issued holds what checks added. */
function api(method, path, query, body, state) {
  const time = (name, otherwise) => (query.has(name) ? Date.parse(query.get(name)) : otherwise);
  const at = time('at', TO);
  if (method === 'POST' && path === '/check') {
    const { from } = body.voyage;
    if (from === 'XXXXX')
      return problem(422, 'voyage: from: "XXXXX": no such place (give a UN/LOCODE or LAT,LON)');
    const c = answer(body);
    state.issued.unshift(c);
    return { status: 200, body: c };
  }
  const all = [...state.issued, ...(state.mode === 'empty' ? [] : certificates)];
  if (path === '/certificates') return { status: 200, body: { certificates: all } };
  const certificate = /^\/certificates\/(.+)$/.exec(path);
  if (certificate) {
    const c = all.find((x) => x.id === certificate[1]);
    return c ? { status: 200, body: c } : problem(404, `certificate: ${certificate[1]}: not held`);
  }
  if (state.mode === 'empty') return { status: 200, body: nothing[path] ?? {} };
  switch (path) {
    case '/status':
      return { status: 200, body: status(all) };
    case '/vessels':
      return {
        status: 200,
        body: { at: iso(at), vessels: at < FROM ? [] : ships.map((s) => vesselNow(s, at)) },
      };
    case '/zones':
      return { status: 200, body: { type: 'FeatureCollection', features: zonesAt(at) } };
    case '/events':
      return { status: 200, body: { events } };
    case '/settlements':
      return { status: 200, body: { settlements } };
    case '/feeds':
      return { status: 200, body: { feeds } };
    case '/lists':
      return { status: 200, body: { publications } };
  }
  const [, id, part] = /^\/vessels\/(\d{9})(\/track)?$/.exec(path) ?? [];
  const ship = ships.find((s) => s.mmsi === Number(id));
  if (!ship) return problem(404, `${path}: not held`);
  if (part) {
    return { status: 200, body: { mmsi: ship.mmsi, fixes: track(ship, time('from', FROM), time('to', TO)) } };
  }
  return { status: 200, body: detail(ship, at, all) };
}

const status = (all) => ({
  version: '0.1.0',
  now: iso(NOW),
  data_from: iso(FROM),
  data_to: iso(TO),
  simulated: true,
  counts: {
    vessels: ships.length,
    fixes: 28800,
    events: events.length,
    zones: 7,
    publications: 2,
    certificates: all.length,
  },
  rules,
  sources,
});

const nothing = {
  '/status': {
    version: '0.1.0',
    now: iso(NOW),
    simulated: false,
    counts: { vessels: 0, fixes: 0, events: 0, zones: 0, publications: 0, certificates: 0 },
    rules,
    sources: [],
  },
  '/vessels': { at: iso(NOW), vessels: [] },
  '/zones': { type: 'FeatureCollection', features: [] },
  '/events': { events: [] },
  '/lists': { publications: [] },
  '/feeds': { feeds: [] },
  '/settlements': { settlements: [] },
};

function detail(ship, at, all) {
  const identity = {
    mmsi: ship.mmsi,
    imo: ship.imo,
    call_sign: ship.call_sign,
    ship_type: ship.ship_type,
    simulated: true,
  };
  return {
    vessel: vesselNow(ship, at),
    identities: [
      { ...identity, name: ship.name, first_seen: '2025-12-21T03:00:00Z', last_seen: iso(TO), reports: 1810 },
      {
        ...identity,
        name: `${ship.name} OLD`,
        first_seen: iso(FROM),
        last_seen: '2025-12-21T02:00:00Z',
        reports: 310,
      },
    ],
    events: events.filter((e) => e.mmsi === ship.mmsi && Date.parse(e.start) <= at),
    certificates: all
      .filter((c) => c.subject.vessel.imo === ship.imo)
      .map((c) => ({
        id: c.id,
        verdict: c.verdict,
        voyage_id: c.subject.id,
        as_of: c.as_of,
        issued_at: c.issued_at,
      })),
  };
}

function file(path) {
  const name = join(dist, normalize(path === '/' ? '/index.html' : path));
  if (!name.startsWith(dist) || !existsSync(name) || !statSync(name).isFile()) return undefined;
  return { type: types[extname(name)] ?? 'application/octet-stream', bytes: readFileSync(name) };
}

async function read(request) {
  let text = '';
  for await (const chunk of request) text += chunk;
  return text ? JSON.parse(text) : undefined;
}

/**
 * Starts the fake on a free port, or the one given. state.mode is "full",
 * "empty" (a new data directory) or "down" (API connections are cut); a test
 * may change it while the server runs.
 */
export async function start({ mode = 'full', port = 0 } = {}) {
  const state = { mode, issued: [] };
  const server = createServer(async (request, response) => {
    const url = new URL(request.url, 'http://fake');
    response.setHeader('Content-Security-Policy', CSP);
    response.setHeader('X-Content-Type-Options', 'nosniff');
    const isAPI = url.pathname.startsWith('/api/v1/') || url.pathname === '/openapi.json';
    if (!isAPI) {
      const found = file(url.pathname);
      response.writeHead(found ? 200 : 404, { 'Content-Type': found?.type ?? 'text/plain' });
      return response.end(found?.bytes ?? 'no such file');
    }
    if (state.mode === 'down') return request.socket.destroy();
    const body = await read(request);
    const result =
      url.pathname === '/openapi.json'
        ? { status: 200, body: openapi }
        : api(request.method, url.pathname.slice('/api/v1'.length), url.searchParams, body, state);
    const type = result.status < 400 ? 'application/json' : 'application/problem+json';
    response.writeHead(result.status, { 'Content-Type': type });
    return response.end(JSON.stringify(result.body));
  });
  await new Promise((resolve) => server.listen(port, '127.0.0.1', resolve));
  return { state, url: `http://127.0.0.1:${server.address().port}`, close: () => server.close() };
}
