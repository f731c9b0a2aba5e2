// The offline basemap: Natural Earth's land, cut for a flat map at build time
// (tools/basemap.mjs). The coarse scale comes first, the fine one when the
// reader looks closer.
import { feature } from 'topojson-client';
import type { GeometryCollection, Topology } from 'topojson-specification';
import coarse from '../../.basemap/land-50m.json?url';
import fine from '../../.basemap/land-10m.json?url';

/** From this zoom level on the fine coastline is worth its size. */
export const FINE_ZOOM = 6;

export type Scale = 'coarse' | 'fine';

const urls: Record<Scale, string> = { coarse, fine };

export async function land(scale: Scale): Promise<GeoJSON.FeatureCollection> {
  const response = await fetch(new URL(urls[scale], document.baseURI));
  if (!response.ok) throw new Error(`The coastline could not be read (${response.status}).`);
  const topology = (await response.json()) as Topology<{ land: GeometryCollection }>;
  return feature(topology, topology.objects.land);
}
