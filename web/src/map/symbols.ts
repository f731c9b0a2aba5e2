// The chart's symbols and hatchings, drawn on a canvas: the map takes them as
// images and the legend shows the same drawings.
import type { Finding, Palette } from './palette';

type Draw = (c: CanvasRenderingContext2D, p: Palette) => void;

/** A square drawing: its side in CSS pixels, drawn at twice that. */
export interface Symbol {
  size: number;
  draw: Draw;
}

export const PIXEL_RATIO = 2;

/** A ship under way, bow up; the map turns it to the course. */
function hull(finding: Finding): Symbol {
  return {
    size: 26,
    draw(c, p) {
      c.beginPath();
      c.moveTo(13, 2);
      c.lineTo(18, 10);
      c.lineTo(18, 23);
      c.lineTo(8, 23);
      c.lineTo(8, 10);
      c.closePath();
      inked(c, p, p.vessel[finding]);
    },
  };
}

/** A ship at rest, or one whose course is not known. */
function round(finding: Finding): Symbol {
  return {
    size: 26,
    draw(c, p) {
      c.beginPath();
      c.arc(13, 13, 6.5, 0, 2 * Math.PI);
      inked(c, p, p.vessel[finding]);
    },
  };
}

function inked(c: CanvasRenderingContext2D, p: Palette, fill: string): void {
  c.lineJoin = 'round';
  c.strokeStyle = p.halo;
  c.lineWidth = 4;
  c.stroke();
  c.fillStyle = fill;
  c.fill();
  c.strokeStyle = p.ink;
  c.lineWidth = 1.6;
  c.stroke();
}

/** A sign beside a ship: what stands against it, in a shape of its own. */
function badge(finding: 'events' | 'refer' | 'refuse', sign: string): Symbol {
  return {
    size: 18,
    draw(c, p) {
      c.beginPath();
      if (finding === 'events') c.arc(9, 9, 7, 0, 2 * Math.PI);
      else if (finding === 'refer') polygon(c, 9, 9, 8, 4, 0);
      else polygon(c, 9, 9, 8, 8, Math.PI / 8);
      inked(c, p, finding === 'events' ? p.halo : p.vessel[finding]);
      c.fillStyle = finding === 'refuse' ? '#ffffff' : finding === 'refer' ? '#1b1f24' : p.ink;
      c.font = 'bold 11px sans-serif';
      c.textAlign = 'center';
      c.textBaseline = 'middle';
      c.fillText(sign, 9, 9.5);
    },
  };
}

function polygon(
  c: CanvasRenderingContext2D,
  x: number,
  y: number,
  r: number,
  n: number,
  turn: number,
): void {
  for (let i = 0; i < n; i++) {
    const a = turn + (i * 2 * Math.PI) / n;
    c.lineTo(x + r * Math.sin(a), y - r * Math.cos(a));
  }
  c.closePath();
}

/** An event's place: a broken ring for a gap, a gate for a zone's edge, else a square. */
function event(shape: 'gap' | 'zone' | 'other'): Symbol {
  return {
    size: 20,
    draw(c, p) {
      const strokes: [string, number][] = [
        [p.halo, 5.5],
        [p.ink, 2.2],
      ];
      for (const [colour, width] of strokes) {
        c.strokeStyle = colour;
        c.lineWidth = width;
        if (shape === 'gap') {
          for (let i = 0; i < 4; i++) {
            c.beginPath();
            c.arc(10, 10, 6.5, (i * Math.PI) / 2 + 0.3, ((i + 1) * Math.PI) / 2 - 0.3);
            c.stroke();
          }
        } else if (shape === 'zone') {
          c.beginPath();
          c.moveTo(5, 3.5);
          c.lineTo(5, 16.5);
          c.moveTo(8, 10);
          c.lineTo(16, 10);
          c.moveTo(12.5, 6.5);
          c.lineTo(16, 10);
          c.lineTo(12.5, 13.5);
          c.stroke();
        } else {
          c.strokeRect(5, 5, 10, 10);
        }
      }
    },
  };
}

/** How an area is hatched; each tile repeats without a seam. */
export type Hatch = 'rising' | 'falling' | 'grid' | 'dots' | 'level' | 'sparse';

function hatch(kind: Hatch, colour: (p: Palette) => string): Symbol {
  return {
    size: 16,
    draw(c, p) {
      c.globalAlpha = 0.08;
      c.fillStyle = colour(p);
      c.fillRect(0, 0, 16, 16);
      c.globalAlpha = 0.5;
      c.strokeStyle = c.fillStyle = colour(p);
      c.lineWidth = 1.3;
      c.beginPath();
      const line = (x1: number, y1: number, x2: number, y2: number) => {
        c.moveTo(x1, y1);
        c.lineTo(x2, y2);
      };
      switch (kind) {
        case 'rising':
          line(-4, 20, 20, -4);
          line(-4, 4, 4, -4);
          line(12, 20, 20, 12);
          break;
        case 'falling':
          line(-4, -4, 20, 20);
          line(-4, 12, 4, 20);
          line(12, -4, 20, 4);
          break;
        case 'grid':
          line(0, 4, 16, 4);
          line(0, 12, 16, 12);
          line(4, 0, 4, 16);
          line(12, 0, 12, 16);
          break;
        case 'level':
          line(0, 4, 16, 4);
          line(0, 12, 16, 12);
          break;
        case 'dots':
          for (const [x, y] of [
            [4, 4],
            [12, 12],
          ] as const) {
            c.moveTo(x + 1.5, y);
            c.arc(x, y, 1.5, 0, 2 * Math.PI);
          }
          c.fill();
          return;
        case 'sparse':
          return;
      }
      c.stroke();
    },
  };
}

const findings: Finding[] = ['none', 'events', 'refer', 'refuse'];

/** The hatching of a kind of zone; a second reading of an order is hatched the other way. */
export function zoneHatch(kind: string, reading: number): string {
  const kinds: Record<string, Hatch> = {
    blockade: 'rising',
    danger: 'grid',
    listed_area: 'dots',
    territorial_sea: 'sparse',
    closure: 'level',
  };
  const plain = kinds[kind] ?? 'rising';
  return `${kind in kinds ? kind : 'other'}-${reading % 2 === 1 ? 'falling' : plain}`;
}

/** Every symbol by its name. */
export function symbols(): Map<string, Symbol> {
  const all = new Map<string, Symbol>();
  for (const f of findings) {
    all.set(`hull-${f}`, hull(f));
    all.set(`round-${f}`, round(f));
  }
  all.set('badge-events', badge('events', '!'));
  all.set('badge-refer', badge('refer', '?'));
  all.set('badge-refuse', badge('refuse', '×'));
  for (const shape of ['gap', 'zone', 'other'] as const) all.set(`event-${shape}`, event(shape));
  for (const kind of ['blockade', 'danger', 'listed_area', 'territorial_sea', 'closure', 'other']) {
    const colour = (p: Palette) => p.zone[kind] ?? p.zoneOther;
    for (const reading of [0, 1]) {
      const name = zoneHatch(kind === 'other' ? '' : kind, reading);
      all.set(name, hatch(name.slice(kind.length + 1) as Hatch, colour));
    }
  }
  return all;
}

/** Draws a symbol into a canvas of its own size. */
export function paint(canvas: HTMLCanvasElement, symbol: Symbol, p: Palette): CanvasRenderingContext2D {
  canvas.width = canvas.height = symbol.size * PIXEL_RATIO;
  const context = canvas.getContext('2d');
  if (!context) throw new Error('this browser draws no 2D canvas');
  context.scale(PIXEL_RATIO, PIXEL_RATIO);
  symbol.draw(context, p);
  return context;
}

/** A symbol's pixels, for the map. */
export function pixels(symbol: Symbol, p: Palette): ImageData {
  const canvas = document.createElement('canvas');
  const side = symbol.size * PIXEL_RATIO;
  return paint(canvas, symbol, p).getImageData(0, 0, side, side);
}
