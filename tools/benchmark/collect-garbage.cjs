// Loaded into every thread of a benchmark by `node --expose-gc --require`: what is left in memory is what is kept.
setInterval(globalThis.gc, 1000).unref();
