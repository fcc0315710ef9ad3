import type { Bank, WatchParams } from '@giro/sdk';
import type { ServerEvent } from '../http/event-stream.js';
import { WATCH_PATIENCE_MS } from '../limits.js';
import { toEntryJson } from './entry.js';

/** A branch's entries as server-sent events, as they are committed. The SDK resumes the watch if a server goes. */
export async function* watchEvents(
  bank: Bank,
  place: WatchParams,
  signal: AbortSignal,
): AsyncGenerator<ServerEvent, void, undefined> {
  for await (const entry of bank.journal.watch({ ...place, patienceMs: WATCH_PATIENCE_MS }, { signal })) {
    yield { id: String(entry.position), event: entry.kind, data: toEntryJson(entry) };
  }
}
