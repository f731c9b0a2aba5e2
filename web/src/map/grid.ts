// The grid of parallels and meridians, with their figures, spaced by zoom.

/** Degrees between lines at a zoom level. */
export function spacing(zoom: number): number {
  if (zoom < 2) return 30;
  if (zoom < 4) return 10;
  if (zoom < 6) return 5;
  if (zoom < 8) return 1;
  if (zoom < 9.5) return 0.5;
  return 10 / 60;
}

const figure = (deg: number, positive: string, negative: string): string => {
  const minutes = Math.round(Math.abs(deg) * 60);
  const text =
    minutes % 60 === 0
      ? `${minutes / 60}°`
      : `${Math.floor(minutes / 60)}°${String(minutes % 60).padStart(2, '0')}′`;
  return deg === 0 || minutes === 180 * 60 ? text : text + (deg < 0 ? negative : positive);
};

interface Bounds {
  west: number;
  south: number;
  east: number;
  north: number;
}

/** Lines through the view and a little beyond, and their figures along its western and southern edges. */
export function grid(
  view: Bounds,
  zoom: number,
): { lines: GeoJSON.FeatureCollection; figures: GeoJSON.FeatureCollection } {
  const step = spacing(zoom);
  const lines: GeoJSON.Feature[] = [];
  const figures: GeoJSON.Feature[] = [];
  const { west, south, east, north } = view;
  const add = (coordinates: [number, number][], at: [number, number], text: string, edge: string) => {
    lines.push({ type: 'Feature', geometry: { type: 'LineString', coordinates }, properties: {} });
    figures.push({
      type: 'Feature',
      geometry: { type: 'Point', coordinates: at },
      properties: { text, edge },
    });
  };
  for (let i = Math.ceil(west / step); i * step <= east; i++) {
    const lon = i * step;
    const shown = ((((lon + 180) % 360) + 360) % 360) - 180;
    add(
      [
        [lon, Math.max(-85, south)],
        [lon, Math.min(85, north)],
      ],
      [lon, south],
      figure(shown, 'E', 'W'),
      'south',
    );
  }
  for (let i = Math.ceil(Math.max(-80, south) / step); i * step <= Math.min(80, north); i++) {
    const lat = i * step;
    add(
      [
        [west, lat],
        [east, lat],
      ],
      [west, lat],
      figure(lat, 'N', 'S'),
      'west',
    );
  }
  return {
    lines: { type: 'FeatureCollection', features: lines },
    figures: { type: 'FeatureCollection', features: figures },
  };
}
