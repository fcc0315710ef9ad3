import { monitorEventLoopDelay } from 'node:perf_hooks';

/**
 * Loaded into the server's process before its own program: tells its parent, whenever asked, by how much timers were
 * late since it was last asked. 99 of 100 were less late than that.
 */
const RESOLUTION_MS = 5;

const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
delay.enable();

process.on('message', () => {
  // What is measured is the time from timer to timer, which includes the time that was asked for.
  const p99Ms = Math.max(0, delay.percentile(99) / 1e6 - RESOLUTION_MS);
  delay.reset();
  process.send?.({ result: p99Ms });
});
