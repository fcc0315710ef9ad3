import { Size } from 'cdk8s';
import { Cpu } from 'cdk8s-plus-27';
import type { ContainerResources } from 'cdk8s-plus-27';

/** What one container may use. */
export interface ContainerSize {
  /** CPU the scheduler sets aside, in thousandths of a core. Idle CPU beyond it may be used. */
  readonly cpuMillis: number;
  /** Memory in MiB, set aside and at the same time the limit. */
  readonly memoryMib: number;
}

/**
 * Requests and limits. Memory is limited to what is requested, so that a node is never overcommitted and the
 * container is killed for its own appetite only. CPU has no limit: throttling turns a burst into tail latency,
 * while the request already guarantees the share under contention.
 */
export function containerResources({ cpuMillis, memoryMib }: ContainerSize): ContainerResources {
  const memory = Size.mebibytes(memoryMib);
  return { cpu: { request: Cpu.millis(cpuMillis) }, memory: { request: memory, limit: memory } };
}

/**
 * `NODE_OPTIONS` that keep V8's heap below the memory limit, so that Node collects garbage before the kernel kills it.
 *
 * @param heapShare - the heap's part of the container's memory, between 0 and 1
 */
export function nodeHeapOptions({ memoryMib }: ContainerSize, heapShare: number): string {
  return `--max-old-space-size=${String(Math.floor(memoryMib * heapShare))}`;
}
