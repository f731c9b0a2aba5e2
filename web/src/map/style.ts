// The chart's layers, bottom to top, over sources that start empty.
import type {
  DataDrivenPropertyValueSpecification,
  ExpressionSpecification,
  LayerSpecification,
  StyleSpecification,
} from 'maplibre-gl';
import { FINE_ZOOM } from './basemap';
import type { Palette } from './palette';
import { places } from './places';

export const SOURCES = [
  'land-coarse',
  'land-fine',
  'grid',
  'figures',
  'zones',
  'zone-labels',
  'track',
  'events',
  'vessels',
] as const;

export type SourceName = (typeof SOURCES)[number];

/** Layers that a click or the pointer asks about, topmost first. */
export const VESSEL_LAYERS = ['vessels', 'vessel-badges'];
export const EVENT_LAYERS = ['events'];
export const ZONE_LAYERS = ['zone-hatch'];

const FONT = ['Open Sans', 'Liberation Sans', 'DejaVu Sans', 'sans-serif'];
const BOLD = ['Open Sans Bold', 'Liberation Sans Bold', 'DejaVu Sans Bold', 'sans-serif'];

const empty: GeoJSON.FeatureCollection = { type: 'FeatureCollection', features: [] };

/** A value for each kind of zone. */
function byZoneKind(p: Palette): DataDrivenPropertyValueSpecification<string> {
  return [
    'match',
    ['get', 'kind'],
    ...Object.entries(p.zone).flat(),
    p.zoneOther,
  ] as unknown as ExpressionSpecification;
}

const inForce: ExpressionSpecification = ['get', 'in_force'];
const is = (key: string, value: string | boolean): ExpressionSpecification => ['==', ['get', key], value];

function landLayers(p: Palette): LayerSpecification[] {
  return (['coarse', 'fine'] as const).flatMap((scale): LayerSpecification[] => {
    const source = `land-${scale}`;
    const range = scale === 'fine' ? { minzoom: FINE_ZOOM } : {};
    return [
      {
        id: source,
        type: 'fill',
        source,
        ...range,
        filter: ['!', ['has', 'sea']],
        paint: { 'fill-color': p.land, 'fill-antialias': false },
      },
      {
        id: `${source}-sea`,
        type: 'fill',
        source,
        ...range,
        filter: ['has', 'sea'],
        paint: { 'fill-color': p.sea },
      },
      {
        id: `${source}-coast`,
        type: 'line',
        source,
        ...range,
        paint: { 'line-color': p.coast, 'line-width': 0.8 },
      },
    ];
  });
}

function gridLayers(p: Palette): LayerSpecification[] {
  return [{ id: 'grid', type: 'line', source: 'grid', paint: { 'line-color': p.grid, 'line-width': 0.7 } }];
}

function figureLayer(p: Palette): LayerSpecification {
  return {
    id: 'figures',
    type: 'symbol',
    source: 'figures',
    layout: {
      'text-field': ['get', 'text'],
      'text-font': FONT,
      'text-size': 11,
      'text-anchor': ['match', ['get', 'edge'], 'west', 'left', 'bottom'],
      'text-offset': ['match', ['get', 'edge'], 'west', ['literal', [0.4, -0.6]], ['literal', [1.2, -0.2]]],
      'text-allow-overlap': true,
    },
    paint: { 'text-color': p.gridText, 'text-halo-color': p.halo, 'text-halo-width': 1 },
  };
}

function zoneLayers(p: Palette): LayerSpecification[] {
  const colour = byZoneKind(p);
  return [
    {
      id: 'zone-hatch',
      type: 'fill',
      source: 'zones',
      filter: inForce,
      paint: { 'fill-pattern': ['get', 'hatch'] },
    },
    {
      id: 'zone-idle',
      type: 'line',
      source: 'zones',
      filter: ['!', inForce],
      paint: { 'line-color': p.idle, 'line-width': 1.4, 'line-dasharray': [1, 2.5] },
    },
    {
      id: 'zone-first',
      type: 'line',
      source: 'zones',
      filter: ['all', inForce, ['!', ['get', 'second']], ['!', is('kind', 'territorial_sea')]],
      paint: { 'line-color': colour, 'line-width': 2 },
    },
    {
      id: 'zone-second',
      type: 'line',
      source: 'zones',
      filter: ['all', inForce, ['get', 'second']],
      paint: { 'line-color': colour, 'line-width': 2, 'line-dasharray': [5, 3], 'line-offset': 5 },
    },
    {
      id: 'zone-sea',
      type: 'line',
      source: 'zones',
      filter: ['all', inForce, ['!', ['get', 'second']], is('kind', 'territorial_sea')],
      paint: { 'line-color': colour, 'line-width': 1.6, 'line-dasharray': [8, 3, 2, 3] },
    },
  ];
}

function nameLayers(p: Palette): LayerSpecification[] {
  const shown: ExpressionSpecification = ['<=', ['get', 'zoom'], ['zoom']];
  const halo = { 'text-halo-color': p.halo, 'text-halo-width': 1.2 };
  return [
    {
      id: 'place-ports-dots',
      type: 'circle',
      source: 'places',
      filter: ['all', is('kind', 'port'), shown],
      paint: {
        'circle-radius': 2.4,
        'circle-color': p.halo,
        'circle-stroke-color': p.placeText,
        'circle-stroke-width': 1.2,
      },
    },
    {
      id: 'place-seas',
      type: 'symbol',
      source: 'places',
      filter: ['all', ['in', ['get', 'kind'], ['literal', ['ocean', 'sea']]], shown],
      layout: {
        'text-field': ['get', 'name'],
        'text-font': FONT,
        'text-size': ['match', ['get', 'kind'], 'ocean', 14, 13],
        'text-letter-spacing': 0.12,
        'text-max-width': 7,
        'text-variable-anchor': ['center', 'top', 'bottom', 'left', 'right'],
        'text-radial-offset': 1.5,
      },
      paint: { 'text-color': p.seaText, ...halo },
    },
    {
      id: 'place-countries',
      type: 'symbol',
      source: 'places',
      filter: ['all', is('kind', 'country'), shown],
      layout: {
        'text-field': ['get', 'name'],
        'text-font': FONT,
        'text-size': 12.5,
        'text-max-width': 7,
        'text-letter-spacing': 0.04,
      },
      paint: { 'text-color': p.placeText, ...halo },
    },
    {
      id: 'place-ports',
      type: 'symbol',
      source: 'places',
      filter: ['all', is('kind', 'port'), shown],
      layout: {
        'text-field': ['get', 'name'],
        'text-font': FONT,
        'text-size': 11,
        'text-variable-anchor': ['top', 'left', 'right', 'bottom'],
        'text-radial-offset': 0.5,
        'text-justify': 'auto',
      },
      paint: { 'text-color': p.placeText, ...halo },
    },
  ];
}

/**
 * Names of zones. A disputed order is never drawn without its words; other
 * names give way to one another.
 */
function zoneLabelLayers(p: Palette): LayerSpecification[] {
  const layer = (id: string, disputed: boolean): LayerSpecification => ({
    id,
    type: 'symbol',
    source: 'zone-labels',
    minzoom: 3,
    filter: is('disputed', disputed),
    layout: {
      'text-field': ['get', 'text'],
      'text-font': BOLD,
      'text-size': 11.5,
      'text-max-width': 22,
      'text-line-height': 1.25,
      'text-variable-anchor': ['center', 'top', 'bottom'],
      'text-padding': 4,
      'symbol-sort-key': ['get', 'rank'],
      'text-allow-overlap': disputed,
    },
    paint: {
      'text-color': disputed ? p.ink : byZoneKind(p),
      'text-halo-color': p.halo,
      'text-halo-width': disputed ? 2.6 : 1.8,
    },
  });
  return [layer('zone-labels', false), layer('zone-labels-disputed', true)];
}

function trafficLayers(p: Palette): LayerSpecification[] {
  const selected: ExpressionSpecification = ['==', ['get', 'mmsi'], -1];
  return [
    {
      id: 'track-heard',
      type: 'line',
      source: 'track',
      filter: ['!', ['get', 'silent']],
      layout: { 'line-join': 'round', 'line-cap': 'round' },
      paint: { 'line-color': p.track, 'line-width': 2.2 },
    },
    {
      id: 'track-silent',
      type: 'line',
      source: 'track',
      filter: ['get', 'silent'],
      paint: { 'line-color': p.track, 'line-width': 1.8, 'line-dasharray': [2, 2.5] },
    },
    {
      id: 'events',
      type: 'symbol',
      source: 'events',
      layout: { 'icon-image': ['get', 'icon'], 'icon-allow-overlap': true },
    },
    {
      id: 'vessel-selected',
      type: 'circle',
      source: 'vessels',
      filter: selected,
      paint: {
        'circle-radius': 17,
        'circle-color': 'rgba(0,0,0,0)',
        'circle-stroke-color': p.selected,
        'circle-stroke-width': 3,
      },
    },
    {
      id: 'vessels',
      type: 'symbol',
      source: 'vessels',
      layout: {
        'icon-image': ['get', 'icon'],
        'icon-rotate': ['get', 'rotate'],
        'icon-rotation-alignment': 'map',
        'icon-allow-overlap': true,
        'icon-ignore-placement': true,
        'symbol-sort-key': ['get', 'rank'],
      },
    },
    {
      id: 'vessel-badges',
      type: 'symbol',
      source: 'vessels',
      filter: ['!=', ['get', 'badge'], ''],
      layout: {
        'icon-image': ['get', 'badge'],
        'icon-offset': [13, -11],
        'icon-allow-overlap': true,
        'icon-ignore-placement': true,
      },
    },
    {
      id: 'vessel-labels',
      type: 'symbol',
      source: 'vessels',
      layout: {
        'text-field': ['get', 'label'],
        'text-font': BOLD,
        'text-size': 11,
        'text-anchor': 'left',
        'text-justify': 'left',
        'text-offset': [1.6, 0.4],
        'text-max-width': 14,
        'symbol-sort-key': ['-', 0, ['get', 'rank']],
      },
      paint: { 'text-color': p.ink, 'text-halo-color': p.halo, 'text-halo-width': 1.5 },
    },
  ];
}

/** The whole style; no glyph server: the browser draws the letters with its own fonts. */
export function chartStyle(p: Palette): StyleSpecification {
  const sources = Object.fromEntries(
    SOURCES.map((name) => [name, { type: 'geojson' as const, data: empty, maxzoom: 10, tolerance: 0.3 }]),
  );
  return {
    version: 8,
    sources: { ...sources, places: { type: 'geojson', data: places() } },
    layers: [
      { id: 'sea', type: 'background', paint: { 'background-color': p.sea } },
      ...landLayers(p),
      ...gridLayers(p),
      ...zoneLayers(p),
      figureLayer(p),
      ...nameLayers(p),
      ...trafficLayers(p),
      ...zoneLabelLayers(p),
    ],
  };
}
