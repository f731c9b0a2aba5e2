// Pages by the address's fragment, so that every page and certificate can be
// linked and no server rule is needed: #/certificates/ID?at=…

export type Route =
  | { page: 'chart'; vessel?: number; zone?: string }
  | { page: 'certificates' }
  | { page: 'certificate'; id: string }
  | { page: 'check' }
  | { page: 'sources' }
  | { page: 'api' }
  | { page: 'unknown'; path: string };

export interface Address {
  route: Route;
  params: URLSearchParams;
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

export function parse(hash: string): Address {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?', 2);
  const params = new URLSearchParams(query);
  const [head = '', ...rest] = path.split('/').map(decode);
  const tail = rest.join('/');
  const to = (route: Route): Address => ({ route, params });
  if (head === '' && !tail) return to({ page: 'chart' });
  if (head === 'vessels' && /^\d{1,9}$/.test(tail)) return to({ page: 'chart', vessel: Number(tail) });
  if (head === 'zones' && tail) return to({ page: 'chart', zone: tail });
  if (head === 'certificates') return to(tail ? { page: 'certificate', id: tail } : { page: 'certificates' });
  if (!tail && (head === 'check' || head === 'sources' || head === 'api')) return to({ page: head });
  return to({ page: 'unknown', path });
}

/** The fragment of a path with parameters; undefined ones are left out. */
export function link(path: string, params: Record<string, string | number | undefined> = {}): string {
  const query = new URLSearchParams();
  for (const [key, value] of Object.entries(params)) {
    if (value !== undefined && value !== '') query.set(key, String(value));
  }
  const text = query.toString();
  return `#${path}${text ? `?${text}` : ''}`;
}

export const certificateLink = (id: string) => link(`/certificates/${encodeURIComponent(id)}`);

class Router {
  #hash = $state(location.hash);
  address = $derived(parse(this.#hash));

  constructor() {
    addEventListener('hashchange', () => (this.#hash = location.hash));
  }

  get route(): Route {
    return this.address.route;
  }

  param(name: string): string | undefined {
    return this.address.params.get(name) ?? undefined;
  }

  go(fragment: string): void {
    location.hash = fragment;
  }

  /** Changes one parameter of the present address without a step in the history. */
  set(name: string, value: string | undefined): void {
    const [path = ''] = (location.hash || '#/').split('?');
    const params = Object.fromEntries(this.address.params);
    const fragment = link(path.slice(1), { ...params, [name]: value });
    history.replaceState(history.state, '', fragment);
    this.#hash = fragment;
  }
}

export const router = new Router();
