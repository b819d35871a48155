import { collectDefaultMetrics, Counter, Histogram, Registry } from 'prom-client';

/** The registry of this process, with Node's own metrics in it. */
export function openRegistry(): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  return registry;
}

export type CountRequest = (request: {
  method: string;
  /** The route's pattern, never the path itself. */
  route: string;
  status: number;
  durationS: number;
}) => void;

export function requestMetrics(registry: Registry): CountRequest {
  const labelNames = ['method', 'route', 'status'] as const;
  const registers = [registry];
  const total = new Counter({
    name: 'drape_http_requests_total',
    help: 'HTTP requests answered.',
    labelNames,
    registers,
  });
  const seconds = new Histogram({
    name: 'drape_http_request_seconds',
    help: 'Time from a request to the end of its answer.',
    labelNames: ['route'],
    buckets: [0.005, 0.02, 0.1, 0.5, 2],
    registers,
  });
  return ({ method, route, status, durationS }) => {
    total.inc({ method, route, status: String(status) });
    seconds.observe({ route }, durationS);
  };
}
