// Chromium for the tests: starts it once per file, gives pages that record what
// must not happen (requests to other hosts, errors, policy violations).
import { existsSync } from 'node:fs';
import { AxeBuilder } from '@axe-core/playwright';
import { chromium } from 'playwright-core';

const paths = [
  process.env.CHROMIUM,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
];

/** Software WebGL, so that the chart draws on a machine without a graphics card. */
const args = [
  '--no-sandbox',
  '--disable-dev-shm-usage',
  '--use-gl=angle',
  '--use-angle=swiftshader',
  '--enable-unsafe-swiftshader',
];

export async function launch() {
  const executablePath = paths.find((p) => p && existsSync(p));
  if (!executablePath) throw new Error('no Chromium found: install it, or set CHROMIUM to its path');
  return chromium.launch({ executablePath, args });
}

/** A page with a record of what went wrong on it. */
export async function open(browser, server, options = {}) {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 800 },
    reducedMotion: 'reduce',
    colorScheme: 'light',
    ...options,
  });
  const page = await context.newPage();
  const faults = [];
  page.on('request', (r) => {
    const url = r.url();
    if (!url.startsWith(server.url) && !url.startsWith('data:') && !url.startsWith(`blob:${server.url}`)) {
      faults.push(`request to another host: ${url}`);
    }
  });
  page.on('pageerror', (e) => faults.push(`error: ${e.message}`));
  page.on('console', (m) => {
    const text = m.text();
    if (m.type() === 'error' && !/Failed to load resource|net::ERR_/.test(text))
      faults.push(`console: ${text}`);
  });
  return { page, context, faults };
}

export const goto = (page, server, fragment) => page.goto(`${server.url}/${fragment}`);

/** Waits until the chart has drawn everything. */
export const drawn = (page) => page.waitForSelector('.chart[data-idle="true"]', { timeout: 120_000 });

/** What axe finds, one line each. */
export async function axe(page) {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(' ')).join(', ')}`);
}
