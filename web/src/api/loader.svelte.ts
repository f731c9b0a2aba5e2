import { ApiError } from './client';

/**
 * One thing that is read from the API, with its state. A read that fails keeps
 * what an earlier one brought and its time, beside the error, so that the page
 * can say how old it is. A newer read cancels the one before it.
 */
export class Loader<T> {
  value = $state.raw<T>();
  error = $state.raw<ApiError>();
  readAt = $state.raw<Date>();
  loading = $state(false);
  #running: AbortController | undefined;

  async load(read: (signal: AbortSignal) => Promise<T>): Promise<void> {
    this.#running?.abort();
    const running = (this.#running = new AbortController());
    this.loading = true;
    try {
      const value = await read(running.signal);
      if (running.signal.aborted) return;
      this.value = value;
      this.error = undefined;
      this.readAt = new Date();
    } catch (cause) {
      if (running.signal.aborted) return;
      this.error = cause instanceof ApiError ? cause : new ApiError('failed', String(cause));
    }
    this.loading = false;
  }

  /** Forgets everything, as for another subject. */
  clear(): void {
    this.#running?.abort();
    this.value = undefined;
    this.error = undefined;
    this.readAt = undefined;
    this.loading = false;
  }
}
