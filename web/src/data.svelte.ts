// What the pages share of the server's data: its status, and the events and
// certificates that the chart and the tables both show.
import * as api from './api/client';
import { Loader } from './api/loader.svelte';
import type { Certificate, Status, VesselEvent } from './api/wire';

/** How often the status is read again while the page is visible. */
const POLL_MS = 30_000;

class Data {
  status = new Loader<Status>();
  events = new Loader<VesselEvent[]>();
  certificates = new Loader<Certificate[]>();

  /** Grows with every change on the server; what depends on the data watches it. */
  revision = $state(0);
  #seen = '';

  /** The newest time that the data speaks of: the newest position, or the server's clock. */
  get latest(): string | undefined {
    const s = this.status.value;
    return s?.data_to ?? s?.now;
  }

  get empty(): boolean {
    const c = this.status.value?.counts;
    return c !== undefined && c.fixes === 0 && c.zones === 0 && c.certificates === 0 && !c.publications;
  }

  async refresh(): Promise<void> {
    await this.status.load(api.status);
    const s = this.status.value;
    if (!s || this.status.error) {
      this.#seen = '';
      await this.#readAll(); // so that each part says for itself that it could not be read
      return;
    }
    const now = JSON.stringify([s.counts, s.data_to, s.sources]);
    if (now === this.#seen && !this.events.error && !this.certificates.error) return;
    this.#seen = now;
    this.revision++;
    await this.#readAll();
  }

  async #readAll(): Promise<void> {
    await Promise.all([this.events.load(api.events), this.certificates.load(api.certificates)]);
  }

  /** Reads everything now and then again; returns how to stop. */
  start(): () => void {
    void this.refresh();
    const timer = setInterval(() => {
      if (document.visibilityState === 'visible') void this.refresh();
    }, POLL_MS);
    return () => clearInterval(timer);
  }
}

export const data = new Data();
