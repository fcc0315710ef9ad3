/** One field of a request. */
export type Field = readonly [name: string, value: unknown];

/**
 * The name that a field has in a request, by what the protocol or the SDK call it.
 *
 * @param field - such as `amount`, `options.preconditions[0].account`, `expires_in_ms` or `members[3].to`
 * @param fields - those that the request has
 */
export function nameHere(field: string, fields: readonly Field[]): string {
  if (fields.some(([name]) => name === field)) return field;
  const spelled = field
    .replace(/^options\./, '')
    .replaceAll(/[a-z]+(_[a-z]+)+/g, (name) => names[name] ?? name);
  const name = inMember(ofReference(spelled, fields), fields);
  if (isAmong(name, fields)) return name;
  const outer = fields.find(([, value]) => isObjectWith(name, value))?.[0];
  return outer === undefined ? name : `${outer}.${name}`;
}

/** The protocol's names that are others here. */
const names: Readonly<Record<string, string | undefined>> = {
  initial_balance: 'initialBalance',
  expires_in_ms: 'expiresInMs',
  balance_at_least: 'balanceAtLeast',
  balance_at_most: 'balanceAtMost',
  from_time: 'fromTime',
  from_position: 'fromPosition',
  to_time: 'toTime',
  to_position: 'toPosition',
  page_token: 'cursor',
  hold_id: 'hold',
  transfer_id: 'transfer',
  group_id: 'group',
};

/** What a reversal refers to, and the cursor, are the SDK's by another name; the former stands in the path as `id`. */
function ofReference(name: string, fields: readonly Field[]): string {
  if (name === 'pageToken') return 'cursor';
  const isReference = name === 'transfer' || name === 'group';
  return isReference && !isAmong(name, fields) && isAmong('id', fields) ? 'id' : name;
}

/** A member of a group stands here under its kind: `members[3].transfer.to`. */
function inMember(field: string, fields: readonly Field[]): string {
  const [, index = '', rest = ''] = /^members\[(\d+)\]\.(.+)$/.exec(field) ?? [];
  const members = fields.find(([name]) => name === 'members')?.[1];
  const member: unknown = Array.isArray(members) ? members[Number(index)] : undefined;
  if (index === '' || typeof member !== 'object' || member === null) return field;
  const [kind = ''] = Object.keys(member);
  return rest.startsWith(`${kind}.`) ? field : `members[${index}].${kind}.${rest}`;
}

function isAmong(field: string, fields: readonly Field[]): boolean {
  const [root] = field.split(/[.[]/, 1);
  return fields.some(([name]) => name === root);
}

function isObjectWith(name: string, value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && Object.hasOwn(value, name);
}
