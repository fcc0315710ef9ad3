/** One thing a customer does, as the file has it. */
export interface CustomerEvent {
  readonly id: number;
  readonly interface: 'deposit' | 'withdraw' | 'query';
  /** Minor units; a query has none. */
  readonly money?: number;
}

/** A line of the file: a customer and what it does, or a branch and its first cash. */
export type InputItem =
  | { readonly id: number; readonly type: 'customer'; readonly events: readonly CustomerEvent[] }
  | { readonly id: number; readonly type: 'branch'; readonly balance: number };

/** @throws if the text is not a list of customers and branches */
export function parseInput(text: string): readonly InputItem[] {
  const items: unknown = JSON.parse(text);
  if (!Array.isArray(items)) throw new TypeError('the input is not a list');
  items.forEach((item: Partial<InputItem> | null, index) => {
    const known = item?.type === 'branch' || (item?.type === 'customer' && Array.isArray(item.events));
    if (!known)
      throw new TypeError(`item ${index} of the input is neither a customer with events nor a branch`);
  });
  return items as readonly InputItem[];
}
