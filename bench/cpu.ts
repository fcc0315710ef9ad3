import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The processes whose time is counted, beside the one that counts. */
export interface Watched {
  readonly server: readonly number[];
  /** PostgreSQL's first process, the parent of all others of it. */
  readonly postmaster?: number | undefined;
}

/** Microseconds of processor time. Undefined where the system does not tell. */
export interface CpuMicros {
  readonly client: number;
  readonly server?: number | undefined;
  readonly database?: number | undefined;
}

/** The time used so far. */
export function readCpu({ server, postmaster }: Watched): CpuMicros {
  const { user, system } = process.cpuUsage();
  const known = process.platform === 'linux';
  return {
    client: user + system,
    ...(known && server.length > 0 && { server: sum(server.map((pid) => ownMicros(statOf(pid)))) }),
    ...(known && postmaster !== undefined && { database: databaseMicros(postmaster) }),
  };
}

/** Time used between two readings, divided by what was done in it. */
export function cpuPerOperation(before: CpuMicros, after: CpuMicros, operations: number): CpuMicros {
  const per = (from: number | undefined, to: number | undefined) =>
    from === undefined || to === undefined ? undefined : (to - from) / operations;
  return {
    client: (after.client - before.client) / operations,
    server: per(before.server, after.server),
    database: per(before.database, after.database),
  };
}

/** Time used so far by children of this process that have ended. */
export function childrenMicros(): number {
  return (statOf(process.pid)?.childrenTicks ?? 0) * TICK_MICROS;
}

/** Largest resident memory of a process so far, in bytes; undefined where the system does not tell. */
export function peakRssBytes(pid: number): number | undefined {
  return memoryBytes(pid, /^VmHWM:\s+(\d+) kB$/m);
}

/** Resident memory of a process, in bytes; undefined where the system does not tell. */
export function rssBytes(pid: number): number | undefined {
  return memoryBytes(pid, /^VmRSS:\s+(\d+) kB$/m);
}

/** What the first thread of a process has come to so far, in nanoseconds. */
export interface Scheduled {
  readonly ran: number;
  /** Ready to run, while others had the cores. */
  readonly waited: number;
}

/** Undefined where the system does not tell. */
export function readScheduled(pid: number): Scheduled | undefined {
  const [ran, waited] = (readProc(pid, 'schedstat') ?? '').split(' ').map(Number);
  return ran === undefined || waited === undefined ? undefined : { ran, waited };
}

/** How much of the time between two readings in which it had something to do it waited for a core: 0 to 1. */
export function waitedShare(before: Scheduled | undefined, after: Scheduled | undefined): number | undefined {
  if (before === undefined || after === undefined) return undefined;
  const [ran, waited] = [after.ran - before.ran, after.waited - before.waited];
  return ran + waited > 0 ? waited / (ran + waited) : undefined;
}

/** What all cores of a machine have come to so far, in ticks. */
export interface Machine {
  readonly all: number;
  /** Given to other machines on the same hardware, while this one had something to do. */
  readonly stolen: number;
}

/** Undefined where the system does not tell. */
export function readMachine(): Machine | undefined {
  const [line = ''] = (readProc('', 'stat') ?? '').split('\n');
  const [user = 0, nice = 0, system = 0, idle = 0, ioWait = 0, irq = 0, softIrq = 0, stolen] = line
    .split(/ +/)
    .slice(1)
    .map(Number);
  if (stolen === undefined) return undefined;
  return { all: user + nice + system + idle + ioWait + irq + softIrq + stolen, stolen };
}

/** How much of a machine's time between two readings others had: 0 to 1. */
export function stolenShare(before: Machine | undefined, after: Machine | undefined): number | undefined {
  if (before === undefined || after === undefined || after.all === before.all) return undefined;
  return (after.stolen - before.stolen) / (after.all - before.all);
}

/** Linux counts processor time in hundredths of a second, whatever its own clock is. */
const TICK_MICROS = 10_000;

/** What `/proc/<pid>/stat` says. */
interface Stat {
  readonly parent: number;
  readonly ownTicks: number;
  /** Of children that have ended. */
  readonly childrenTicks: number;
}

function databaseMicros(postmaster: number): number {
  const first = statOf(postmaster);
  const children = processIds()
    .map(statOf)
    .filter((stat) => stat?.parent === postmaster);
  return ownMicros(first) + (first?.childrenTicks ?? 0) * TICK_MICROS + sum(children.map(ownMicros));
}

function ownMicros(stat: Stat | undefined): number {
  return (stat?.ownTicks ?? 0) * TICK_MICROS;
}

function processIds(): number[] {
  return readdirSync('/proc').map(Number).filter(Number.isInteger);
}

function statOf(pid: number): Stat | undefined {
  const text = readProc(pid, 'stat');
  if (text === undefined) return undefined;
  // The name in brackets can hold anything; the third field, the state, comes after the last bracket.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const field = (number: number) => Number(fields[number - 3]);
  return { parent: field(4), ownTicks: field(14) + field(15), childrenTicks: field(16) + field(17) };
}

function memoryBytes(pid: number, line: RegExp): number | undefined {
  const kibibytes = line.exec(readProc(pid, 'status') ?? '')?.[1];
  return kibibytes === undefined ? undefined : Number(kibibytes) * 1_024;
}

/** Undefined if the process has ended, or there is no such file system. */
function readProc(pid: number | '', name: string): string | undefined {
  try {
    return readFileSync(join('/proc', String(pid), name), 'utf8');
  } catch {
    return undefined;
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
