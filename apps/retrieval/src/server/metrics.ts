import type { MiddlewareHandler } from 'hono';
import { routePath } from 'hono/route';
import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

/** What a server counts, in the form that Prometheus reads. */
export interface Metrics {
  readonly registry: Registry;
  /** Times every request, by route, method and status: never by address, which a visitor could make up without end. */
  readonly observe: MiddlewareHandler;
  /** Sets the number of images in the index. */
  setImages(count: number): void;
}

/** Makes the counters of one server. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const duration = new Histogram({
    name: 'azclip_request_seconds',
    help: 'Time to answer a request',
    labelNames: ['route', 'method', 'status'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
    registers: [registry],
  });
  const images = new Gauge({ name: 'azclip_images', help: 'Images in the index', registers: [registry] });
  return {
    registry,
    async observe(context, next) {
      const end = duration.startTimer();
      await next();
      end({ route: routePath(context, -1), method: context.req.method, status: String(context.res.status) });
    },
    setImages(count) {
      images.set(count);
    },
  };
}
