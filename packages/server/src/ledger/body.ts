import { formatAccountId, sha256 } from '@giro/sdk/protocol';
import type { Command, Group, Member, Precondition, Transfer } from './command.js';
import { needsOf } from './needs.js';

/**
 * The normalized body of a write: every field but its id and its notes, one text per meaning, so that equal bodies are
 * equal texts. Fields that later versions add are left out while they have their default, so that old bodies stay equal
 * to new ones. Only a group's body depends on the branch that is to keep it.
 */
export function bodyOf(command: Command, branch: number): string {
  if (command.kind === 'transfer' && command.preconditions === undefined) return transferBody(command);
  const fields = command.kind === 'group' ? groupFields(command, branch) : fieldsOf(command);
  return JSON.stringify({ kind: command.kind, ...fields, ...preconditionFields(command.preconditions) });
}

/** What most bodies are, as JSON.stringify makes it, in a tenth of its time: none of these texts needs an escape. */
function transferBody({ from, to, amount, currency }: Transfer): string {
  const ends = `"from":"${formatAccountId(from)}","to":"${formatAccountId(to)}"`;
  return `{"kind":"transfer",${ends},"amount":"${amount}","currency":"${currency}"}`;
}

/** The body of a member, which is kept apart from that of the same write on its own: the group belongs to it. */
export function memberBody(member: { readonly kind: Command['kind'] }, group: string, index: number): string {
  return JSON.stringify({ kind: member.kind, group, index });
}

/** The kind of command that a body is of: every body begins with it. */
export function kindOf(body: string): Command['kind'] {
  return body.slice(KIND_AT, body.indexOf('"', KIND_AT)) as Command['kind'];
}

/** Where the kind stands: after `{"kind":"`. */
const KIND_AT = 9;

/** The name of the first field in which two different bodies differ (R5). */
export function differingField(one: string, other: string): string {
  const a = JSON.parse(one) as Record<string, unknown>;
  const b = JSON.parse(other) as Record<string, unknown>;
  const differs = (field: string) => JSON.stringify(a[field]) !== JSON.stringify(b[field]);
  return Object.keys({ ...a, ...b }).find(differs) ?? 'body';
}

type Fields = Record<string, string | number | undefined>;

function fieldsOf(command: Exclude<Command, Group>): Fields {
  switch (command.kind) {
    case 'initializeBranch':
      return { branch: command.branch, initial_balance: String(command.amount), currency: command.currency };
    case 'addCash':
    case 'removeCash':
      return { branch: command.branch, ...money(command) };
    case 'closeBranch':
    case 'expireHolds':
    case 'abandon':
      return { branch: command.branch };
    case 'openAccount':
      return { branch: command.branch, customer: command.customer, currency: command.currency };
    case 'freezeAccount':
    case 'unfreezeAccount':
    case 'closeAccount':
    case 'setAccountMetadata':
      return { account: formatAccountId(command.account) };
    case 'setOverdraftLimit': {
      const { account, limit, currency } = command;
      return { account: formatAccountId(account), limit: String(limit), currency };
    }
    case 'deposit':
      return { to: formatAccountId(command.to), ...money(command) };
    case 'withdraw':
      return { from: formatAccountId(command.from), ...money(command) };
    case 'transfer':
    case 'operatorTransfer':
      return { ...ends(command), ...money(command) };
    case 'placeHold':
      return { ...ends(command), ...money(command), expires_in_ms: command.expiresInMs };
    case 'captureHold': {
      const { branch, hold, amount } = command;
      return { branch, hold_id: hold, amount: amount === undefined ? undefined : String(amount) };
    }
    case 'releaseHold':
      return { branch: command.branch, hold_id: command.hold };
    case 'reverseTransfer':
      return { branch: command.branch, transfer_id: command.original };
    case 'reverseGroup':
      return { branch: command.branch, group_id: command.original };
    case 'seedDeposit':
      return { customer: command.customer, ...money(command) };
  }
}

/**
 * Each branch keeps the members that name it, and a digest that stands for the others. A hold's other branch is not
 * named by whoever captures it; were it looked up, the body would depend on when somebody looks.
 */
function groupFields({ members }: Group, branch: number) {
  const bodies = members.map((member) => ({
    id: member.id,
    kind: member.kind,
    ...fieldsOf(member),
    ...preconditionFields(member.preconditions),
  }));
  const here = bodies.filter((_, index) => names(members[index], branch));
  const digest = sha256(JSON.stringify(bodies)).toString('hex');
  return { members: { count: members.length, digest, here } };
}

function names(member: Member | undefined, branch: number): boolean {
  return member !== undefined && needsOf(member, new Map()).branches.includes(branch);
}

function preconditionFields(preconditions: readonly Precondition[] = []) {
  if (preconditions.length === 0) return {};
  return {
    preconditions: preconditions.map(({ account, balanceAtLeast, balanceAtMost, position }) => ({
      account: formatAccountId(account),
      balance_at_least: balanceAtLeast?.toString(),
      balance_at_most: balanceAtMost?.toString(),
      position,
    })),
  };
}

function money({ amount, currency }: { readonly amount: bigint; readonly currency: string }) {
  return { amount: amount.toString(), currency };
}

function ends({ from, to }: Pick<Extract<Member, { from: unknown; to: unknown }>, 'from' | 'to'>) {
  return { from: formatAccountId(from), to: formatAccountId(to) };
}
