// What the chart draws, without drawing it: geometry, readings, marks, the land.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { feature } from 'topojson-client';
import { runnerImport } from 'vite';

const load = async (path) =>
  (await runnerImport(`./src/${path}`, { configFile: false, logLevel: 'error' })).module;

const track = await load('map/track.ts');
const vessels = await load('map/vessels.ts');
const zones = await load('map/zones.ts');
const extent = await load('map/extent.ts');
const grid = await load('map/grid.ts');

describe('a track', () => {
  const fix = (hour, lat, lon) => ({ time: `2026-01-01T${String(hour).padStart(2, '0')}:00:00Z`, lat, lon });
  it('goes on across the antimeridian', () => {
    const fixes = [fix(0, 10, 179), fix(1, 10, -179.5), fix(2, 10, 179.8), fix(3, 10, -178)];
    assert.deepEqual(
      track.unwrap(fixes).map(([lon]) => lon),
      [179, 180.5, 179.8, 182],
    );
  });
  it('is broken where a gap was seen', () => {
    const fixes = [fix(0, 10, 0), fix(1, 10, 1), fix(14, 10, 5), fix(15, 10, 6)];
    const gap = { kind: 'gap', start: fixes[1].time, end: fixes[2].time };
    const { features } = track.trackLines(fixes, [gap]);
    assert.deepEqual(
      features.map((f) => [f.properties.silent, f.geometry.coordinates.map(([lon]) => lon)]),
      [
        [false, [0, 1]],
        [true, [1, 5]],
        [false, [5, 6]],
      ],
    );
    assert.equal(track.trackLines(fixes, []).features.length, 1);
    assert.equal(track.trackLines([], []).features.length, 0);
  });
});

describe('what stands against a vessel', () => {
  const ship = { mmsi: 352998001, imo: 3500001, position: { lat: 0, lon: 0 } };
  const paper = (verdict, as_of, vessel = { imo: 3500001 }) => ({ verdict, as_of, subject: { vessel } });
  const gap = { kind: 'gap', mmsi: ship.mmsi, start: '2026-01-01T00:00:00Z' };
  const finding = (papers, events, t) => vessels.mark([ship], papers, events, t)[0].finding;
  it('is what was known to the chosen time', () => {
    const papers = [paper('refuse', '2026-01-02T00:00:00Z'), paper('clear', '2025-12-20T00:00:00Z')];
    assert.equal(finding(papers, [gap], Infinity), 'refuse');
    assert.equal(finding(papers, [gap], Date.parse('2026-01-01T12:00:00Z')), 'events');
    assert.equal(finding(papers, [gap], Date.parse('2025-12-31T00:00:00Z')), 'none');
  });
  it('is the newest certificate about this hull', () => {
    const later = paper('clear', '2026-01-03T00:00:00Z');
    assert.equal(finding([paper('refer', '2026-01-02T00:00:00Z'), later], [], Infinity), 'none');
    const other = paper('refuse', '2026-01-02T00:00:00Z', { imo: 3500013, mmsi: ship.mmsi });
    assert.equal(finding([other], [], Infinity), 'none');
    const byMMSI = paper('refuse', '2026-01-02T00:00:00Z', { mmsi: ship.mmsi });
    assert.equal(finding([byMMSI], [], Infinity), 'refuse');
  });
  it('is nothing that is of an area', () => {
    const area = {
      id: 'a',
      kind: 'jamming',
      start: gap.start,
      zone: 'cell',
      position: { lat: 1, lon: 2 },
    };
    assert.equal(finding([], [area], Infinity), 'none');
    const meeting = { ...gap, kind: 'encounter', mmsi: 352998002, other: ship.mmsi };
    assert.equal(finding([], [meeting], Infinity), 'events');
    const [point] = vessels.eventPoints([area], Infinity).features;
    assert.deepEqual(point.properties, { id: 'a', icon: 'event-other' });
  });
  it('shows events that overlap the window', () => {
    const at = Date.parse('2026-01-10T00:00:00Z');
    const day = 86_400_000;
    const e = (start, end) => ({ kind: 'gap', mmsi: 1, start, end });
    const some = [
      e('2026-01-01T00:00:00Z', '2026-01-02T00:00:00Z'),
      e('2026-01-01T00:00:00Z'),
      e('2026-01-11T00:00:00Z'),
    ];
    assert.deepEqual(vessels.eventsWithin(some, at, 3 * day), [some[1]]);
  });
});

describe('zones', () => {
  const square = {
    type: 'Polygon',
    coordinates: [
      [
        [0, 0],
        [2, 0],
        [2, 2],
        [0, 2],
        [0, 0],
      ],
    ],
  };
  const zone = (id, order, words) => ({
    type: 'Feature',
    geometry: square,
    properties: { id, name: id, kind: 'blockade', order, scope: { words }, in_force: true },
  });
  const read = zones.readZones([
    zone('b', 'o1', 'sanctioned tankers'),
    zone('a', 'o1', 'all tankers'),
    zone('c'),
  ]);
  it('letters the readings of one order', () => {
    assert.deepEqual(
      read.map((z) => [z.zone.id, z.letter, zones.contested(z)]),
      [
        ['b', 'B', true],
        ['a', 'A', true],
        ['c', '', false],
      ],
    );
    const hatches = zones.zoneShapes(read).features.map((f) => f.properties.hatch);
    assert.deepEqual(hatches, ['blockade-falling', 'blockade-rising', 'blockade-rising']);
  });
  it('labels an order once, with every reading', () => {
    const labels = zones.zoneLabels(read).features.map((f) => f.properties.text);
    assert.deepEqual(labels, ['One order, 2 readings\nA: all tankers\nB: sanctioned tankers', 'c\nBlockade']);
  });
});

describe('the view', () => {
  it('takes the short way round the world', () => {
    const at = (lat, lon) => ({ lat, lon });
    assert.deepEqual(extent.extentOf([at(10, 170), at(20, -170)], []), [170, 10, 190, 20]);
    assert.deepEqual(extent.extentOf([at(10, -70), at(20, -60)], []), [-70, 10, -60, 20]);
    assert.equal(extent.extentOf([], []), undefined);
  });
  it('is not stretched by a ship on the other side of the world', () => {
    const fleet = Array.from({ length: 20 }, (_, i) => ({ lat: 12, lon: 175 + i / 2 }));
    const pacific = fleet.map((p) => ({ lat: p.lat, lon: p.lon > 180 ? p.lon - 360 : p.lon }));
    const [west, , east] = extent.extentOf([...pacific, { lat: 50, lon: 0 }], []);
    assert.ok(west >= 175 && east <= 185, `${west} to ${east}`);
  });
  it('has figures on its grid', () => {
    const { figures } = grid.grid({ west: 175, south: -3, east: 187, north: 8 }, 5);
    const texts = figures.features.map((f) => f.properties.text);
    assert.deepEqual(texts, ['175°E', '180°', '175°W', '0°', '5°N']);
  });
});

// Known points of sea and land: facts of the project, chosen where Natural
// Earth on a flat map goes wrong (the antimeridian, the Maldives, the Caspian).
const sea = [
  [0, -30],
  [-40, -130],
  [26.55, 56.5],
  [10.15, -64.9],
  [58, 20],
  [-20, 80],
  [60, 179.5],
  [60, -179.5],
  [3, 73.4],
  [42, 50.5],
];
const land = [
  [10.49, -66.9],
  [55.75, 37.6],
  [-84.5, 10],
  [67.5, 179],
  [66.8, -175],
  [-16.85, -179.97],
  [-16.6, 179.2],
  [1.36, 103.82],
  [48.85, 2.35],
];

/** Even-odd rule in the plane, as a flat map fills it. */
function inside([lat, lon], rings) {
  let odd = false;
  for (const ring of rings) {
    for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
      const [xi, yi] = ring[i];
      const [xj, yj] = ring[j];
      if (yi > lat !== yj > lat && lon < ((xj - xi) * (lat - yi)) / (yj - yi) + xi) odd = !odd;
    }
  }
  return odd;
}

describe('the coastline', () => {
  const assets = new URL('../dist/assets/', import.meta.url);
  for (const scale of ['50m', '10m']) {
    const name = readdirSync(assets).find((f) => f.startsWith(`land-${scale}-`));
    const topology = JSON.parse(readFileSync(new URL(name, assets), 'utf8'));
    const { features } = feature(topology, topology.objects.land);
    const parts = features.flatMap((f) =>
      (f.geometry.type === 'Polygon' ? [f.geometry.coordinates] : f.geometry.coordinates).map((rings) => ({
        rings,
        sea: f.properties.sea === true,
      })),
    );
    const isLand = (p) => {
      const hits = parts.filter((part) => inside(p, part.rings));
      return hits.length > 0 && !hits.some((h) => h.sea);
    };
    it(`${scale}: sea is sea`, () => assert.deepEqual(sea.filter(isLand), []));
    it(`${scale}: land is land`, () =>
      assert.deepEqual(
        land.filter((p) => !isLand(p)),
        [],
      ));
    it(`${scale}: no edge crosses the whole map`, () => {
      const jumps = parts.flatMap(({ rings }) =>
        rings.flatMap((ring) =>
          ring.slice(1).filter(([x, y], i) => Math.abs(x - ring[i][0]) > 179 && y > -89.9),
        ),
      );
      assert.deepEqual(jumps, []);
    });
  }
});
