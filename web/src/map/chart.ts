// The chart itself: MapLibre with our style, sources and gestures behind a few
// calls, so that components know nothing of layers.
import { Map as MapLibre, NavigationControl, ScaleControl, setWorkerUrl } from 'maplibre-gl';
import type { GeoJSONSource, MapMouseEvent, PointLike } from 'maplibre-gl';
import workerURL from 'maplibre-gl/dist/maplibre-gl-worker.mjs?url';
import 'maplibre-gl/dist/maplibre-gl.css';
import type { Position } from '../api/wire';
import { FINE_ZOOM, land, type Scale } from './basemap';
import { grid } from './grid';
import { palette } from './palette';
import { chartStyle, EVENT_LAYERS, VESSEL_LAYERS, ZONE_LAYERS, type SourceName } from './style';
import { PIXEL_RATIO, pixels, symbols } from './symbols';
import { wrap } from '../text/position';

export interface View {
  lat: number;
  lon: number;
  zoom: number;
}

export interface Handlers {
  /** The pointer, or the cross in the middle while the keyboard moves the chart; undefined when neither is there. */
  at(position: Position | undefined, byKeyboard: boolean): void;
  vessel(mmsi: number): void;
  zone(id: string): void;
  view(view: View): void;
  idle(idle: boolean): void;
  failed(message: string): void;
}

const LABELS = {
  'Map.Title':
    'Chart. Arrow keys move it, plus and minus change the scale, Enter opens what lies under the cross.',
  'NavigationControl.ZoomIn': 'Larger scale',
  'NavigationControl.ZoomOut': 'Smaller scale',
  'NavigationControl.ResetBearing': 'North up',
};

/** Half the side of the square round a click in which something counts as hit, in pixels. */
const REACH = 8;

export class Chart {
  readonly #map: MapLibre;
  readonly #waiting = new Map<SourceName, GeoJSON.FeatureCollection>();
  readonly #held = new Map<SourceName, GeoJSON.FeatureCollection>();
  readonly #reading = new Set<Scale>();
  #ready = false;
  #keyboard = false;
  #selected: number | undefined;

  constructor(
    container: HTMLElement,
    scheme: 'light' | 'dark',
    view: View,
    readonly handlers: Handlers,
  ) {
    setWorkerUrl(new URL(workerURL, document.baseURI).toString());
    const colours = palette(scheme);
    this.#map = new MapLibre({
      container,
      style: chartStyle(colours),
      center: [view.lon, view.lat],
      zoom: view.zoom,
      maxZoom: 13,
      locale: LABELS,
      attributionControl: { compact: false, customAttribution: 'Land: Natural Earth. Not for navigation.' },
      dragRotate: false,
      pitchWithRotate: false,
      touchPitch: false,
      fadeDuration: matchMedia('(prefers-reduced-motion: reduce)').matches ? 0 : 150,
    });
    const map = this.#map;
    map.touchZoomRotate.disableRotation();
    map.keyboard.disableRotation();
    map.addControl(new NavigationControl({ showCompass: false }), 'top-right');
    map.addControl(new ScaleControl({ unit: 'nautical', maxWidth: 140 }), 'bottom-right');
    map.on('load', () => {
      this.#ready = true;
      for (const [name, symbol] of symbols())
        map.addImage(name, pixels(symbol, colours), { pixelRatio: PIXEL_RATIO });
      for (const [name, data] of this.#waiting) this.#put(name, data);
      this.#waiting.clear();
      this.select(this.#selected);
      this.#moved();
      void this.#land('coarse');
    });
    map.on('moveend', () => this.#moved());
    map.on('move', () => this.#keyboard && this.#report(undefined));
    map.on('mousemove', (e) => this.#hover(e));
    map.on('mouseout', () => this.handlers.at(undefined, false));
    map.on('click', (e) => this.#open(e.point));
    map.on('idle', () => this.handlers.idle(map.isSourceLoaded('vessels')));
    map.on('dataloading', () => this.handlers.idle(false));
    map.on('error', (e) => this.handlers.failed(e.error.message));
    this.#listenToKeys();
  }

  /** Puts new contents into a source. */
  set(name: SourceName, data: GeoJSON.FeatureCollection): void {
    if (this.#held.get(name) === data) return;
    this.#held.set(name, data);
    if (this.#ready) this.#put(name, data);
    else this.#waiting.set(name, data);
  }

  /** Rings a vessel, or none. */
  select(mmsi: number | undefined): void {
    this.#selected = mmsi;
    if (this.#ready) this.#map.setFilter('vessel-selected', ['==', ['get', 'mmsi'], mmsi ?? -1]);
  }

  /** Brings a position into view if it is not. */
  show(p: Position): void {
    const map = this.#map;
    if (map.getBounds().contains([p.lon, p.lat])) return;
    map.easeTo({ center: [p.lon, p.lat], zoom: Math.max(map.getZoom(), 5) });
  }

  /** Brings all of a rectangle into view. */
  fit(bounds: [west: number, south: number, east: number, north: number], smoothly: boolean): void {
    this.#map.fitBounds(bounds, { padding: 48, maxZoom: 9, duration: smoothly ? 400 : 0 });
  }

  remove(): void {
    this.#map.remove();
  }

  #put(name: SourceName, data: GeoJSON.FeatureCollection): void {
    void this.#map.getSource<GeoJSONSource>(name)?.setData(data);
  }

  #moved(): void {
    const map = this.#map;
    const b = map.getBounds();
    const view = { west: b.getWest(), south: b.getSouth(), east: b.getEast(), north: b.getNorth() };
    const { lines, figures } = grid(view, map.getZoom());
    this.set('grid', lines);
    this.set('figures', figures);
    if (map.getZoom() >= FINE_ZOOM - 0.5) void this.#land('fine');
    const c = map.getCenter();
    this.handlers.view({ lat: c.lat, lon: wrap(c.lng), zoom: map.getZoom() });
  }

  /** Reads a coastline once; when the fine one is there, the coarse one ends where it begins. */
  async #land(scale: Scale): Promise<void> {
    if (this.#reading.has(scale)) return;
    this.#reading.add(scale);
    try {
      this.set(`land-${scale}`, await land(scale));
    } catch (cause) {
      this.#reading.delete(scale);
      this.handlers.failed(cause instanceof Error ? cause.message : String(cause));
      return;
    }
    if (scale !== 'fine') return;
    for (const layer of ['land-coarse', 'land-coarse-sea', 'land-coarse-coast']) {
      if (this.#map.getLayer(layer)) this.#map.setLayerZoomRange(layer, 0, FINE_ZOOM);
    }
  }

  #box(p: { x: number; y: number }): [PointLike, PointLike] {
    return [
      [p.x - REACH, p.y - REACH],
      [p.x + REACH, p.y + REACH],
    ];
  }

  /** The vessel, else the event's vessel, else the zone at a point of the screen. */
  #find(p: { x: number; y: number }): { vessel: number } | { zone: string } | undefined {
    const map = this.#map;
    for (const layers of [VESSEL_LAYERS, EVENT_LAYERS]) {
      const hits = map.queryRenderedFeatures(this.#box(p), { layers });
      let best: { mmsi: number; d: number } | undefined;
      for (const hit of hits) {
        const mmsi: unknown = hit.properties['mmsi'];
        if (hit.geometry.type !== 'Point' || mmsi === undefined) continue; // an area's event is no ship's
        const [lon = 0, lat = 0] = hit.geometry.coordinates;
        const at = map.project([lon, lat]);
        const d = Math.hypot(at.x - p.x, at.y - p.y);
        if (!best || d < best.d) best = { mmsi: Number(mmsi), d };
      }
      if (best) return { vessel: best.mmsi };
    }
    const zone = map.queryRenderedFeatures([p.x, p.y], { layers: ZONE_LAYERS })[0]?.properties['zone'];
    return zone === undefined ? undefined : { zone: String(zone) };
  }

  #open(p: { x: number; y: number }): void {
    const found = this.#find(p);
    if (!found) return;
    if ('vessel' in found) this.handlers.vessel(found.vessel);
    else this.handlers.zone(found.zone);
  }

  #hover(e: MapMouseEvent): void {
    this.#keyboard = false;
    this.#report(e);
    this.#map.getCanvas().style.cursor = this.#find(e.point) ? 'pointer' : 'crosshair';
  }

  #report(e: MapMouseEvent | undefined): void {
    const p = e ? e.lngLat : this.#map.getCenter();
    this.handlers.at({ lat: p.lat, lon: wrap(p.lng) }, !e);
  }

  #listenToKeys(): void {
    const canvas = this.#map.getCanvas();
    canvas.addEventListener('keydown', (e) => {
      if (e.key === 'Enter') {
        this.#open({ x: canvas.clientWidth / 2, y: canvas.clientHeight / 2 });
      } else if (e.key.startsWith('Arrow') || e.key === '+' || e.key === '-' || e.key === '=') {
        this.#keyboard = true;
        this.#report(undefined);
      }
    });
    canvas.addEventListener('blur', () => {
      if (this.#keyboard) this.handlers.at(undefined, false);
      this.#keyboard = false;
    });
  }
}
