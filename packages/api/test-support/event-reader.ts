import type { JsonObject } from './test-client.js';

/** One server-sent event, read. */
export interface ReadEvent {
  readonly id: string | undefined;
  readonly event: string | undefined;
  readonly data: JsonObject;
}

/** The events of a response as they come. Comments and `retry` are left out. Whoever stops reading hangs up. */
export async function* eventsIn(response: Response): AsyncGenerator<ReadEvent, void, undefined> {
  let text = '';
  const decoder = new TextDecoder();
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk as Uint8Array, { stream: true });
    const blocks = text.split('\n\n');
    text = blocks.pop() ?? '';
    for (const block of blocks) {
      const event = eventIn(block);
      if (event !== undefined) yield event;
    }
  }
  if (text !== '') throw new Error(`the stream ended within an event: ${text}`);
}

/** The next so many events; more may come. */
export async function take(events: AsyncIterator<ReadEvent>, count: number): Promise<ReadEvent[]> {
  const taken: ReadEvent[] = [];
  while (taken.length < count) {
    const next = await events.next();
    if (next.done === true) throw new Error(`the stream ended after ${taken.length} of ${count} events`);
    taken.push(next.value);
  }
  return taken;
}

/** @returns undefined for what has no data */
function eventIn(block: string): ReadEvent | undefined {
  const fields = new Map(
    block.split('\n').flatMap((line) => {
      const [, name = '', value = ''] = /^([a-z]+): (.*)$/.exec(line) ?? [];
      return name === '' ? [] : [[name, value] as const];
    }),
  );
  const data = fields.get('data');
  if (data === undefined) return undefined;
  return { id: fields.get('id'), event: fields.get('event'), data: JSON.parse(data) as JsonObject };
}
