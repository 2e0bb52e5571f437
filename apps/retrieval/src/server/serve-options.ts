import { modelVariants } from '@azclip/retrieval';
import { z } from 'zod';

const megabyte = 2 ** 20;

/** How a server is run; the defaults suit one machine. */
export const serveOptions = z.strictObject({
  /** Model folder. */
  model: z.string().min(1),
  /** Form of the towers to run. */
  variant: z.enum(modelVariants).optional(),
  /** Index folder. */
  index: z.string().min(1),
  /** Address to listen at; only this machine by default. */
  host: z.string().default('127.0.0.1'),
  /** Port; 0 takes a free one. */
  port: z.int().min(0).max(65_535).default(8080),
  /** Bearer token that every call of the interface must carry. */
  token: z.string().min(8, 'expected at least 8 characters').optional(),
  /** Origins that may call the interface from their pages; none by default. */
  cors: z.array(z.string()).default([]),
  /** Whether the log may hold what people look for. */
  logQueries: z.boolean().default(false),
  /** Largest request body, bytes. */
  maxBody: z
    .int()
    .positive()
    .default(10 * megabyte),
  /** Largest uploaded image, pixels. */
  maxPixels: z.int().positive().default(50_000_000),
  /** Longest answer, milliseconds. */
  timeoutMs: z.int().positive().default(10_000),
  /** Requests worked on at a time, and those that may wait for their turn. */
  running: z.int().positive().default(8),
  waiting: z.int().nonnegative().default(128),
  /** Cosine from which two images are shown as one. */
  duplicatesFrom: z.number().min(0).max(1).default(0.985),
});

/** @see serveOptions */
export type ServeOptions = z.output<typeof serveOptions>;
