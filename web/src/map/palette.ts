// The chart's colours for a light and a dark surround. Colour never carries a
// meaning alone: shapes, hatchings, outlines and letters repeat it.

export interface Palette {
  sea: string;
  land: string;
  coast: string;
  grid: string;
  gridText: string;
  seaText: string;
  placeText: string;
  halo: string;
  ink: string;
  track: string;
  selected: string;
  zone: Record<string, string>;
  zoneOther: string;
  idle: string;
  vessel: Record<Finding, string>;
}

/** What stands against a vessel, mildest first. */
export type Finding = 'none' | 'events' | 'refer' | 'refuse';

const light: Palette = {
  sea: '#dce6ec',
  land: '#f3efe4',
  coast: '#8d9488',
  grid: '#c3d0d8',
  gridText: '#5c6f7a',
  seaText: '#587186',
  placeText: '#3d433f',
  halo: '#ffffff',
  ink: '#1b1f24',
  track: '#16395c',
  selected: '#0b57a4',
  zone: {
    blockade: '#9c1c2e',
    danger: '#a14a00',
    listed_area: '#6a3d9a',
    territorial_sea: '#1f6f6b',
    closure: '#39424e',
  },
  zoneOther: '#5b5b5b',
  idle: '#8a8a8a',
  vessel: { none: '#ffffff', events: '#3f7fc1', refer: '#f0b43c', refuse: '#b3202c' },
};

const dark: Palette = {
  sea: '#16222b',
  land: '#2a2e2c',
  coast: '#6b746f',
  grid: '#263945',
  gridText: '#8ea3b0',
  seaText: '#86a3b8',
  placeText: '#d2d6d0',
  halo: '#10161b',
  ink: '#f2f4f5',
  track: '#9cc4ec',
  selected: '#7ab6f2',
  zone: {
    blockade: '#f08a94',
    danger: '#f0a35c',
    listed_area: '#c6a5ea',
    territorial_sea: '#6fc7c0',
    closure: '#b6c0cc',
  },
  zoneOther: '#b5b5b5',
  idle: '#8c9499',
  vessel: { none: '#10161b', events: '#5b9fe0', refer: '#f0b43c', refuse: '#e5525e' },
};

export const palette = (scheme: 'light' | 'dark'): Palette => (scheme === 'dark' ? dark : light);
