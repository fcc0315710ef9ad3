/**
 * The books. Every table is keyed by the branch first, so that branches can be spread over nodes; nothing here needs
 * sequences, triggers or foreign keys across branches.
 */
export const books = `
create table branches (
  branch_id     integer  primary key check (branch_id between 0 and 9999),
  position      bigint   not null,
  time_micros   bigint   not null,
  next_serial   bigint   not null,
  open_accounts bigint   not null check (open_accounts >= 0),
  closed        boolean  not null,
  head_hash     bytea    not null
) with (fillfactor = 50);

-- Room in each page for new versions of its rows, so that an update stays on its page and touches no index.
create table accounts (
  branch_id       integer        not null,
  serial          bigint         not null,
  kind            text           not null,
  customer        text,
  peer_branch_id  integer,
  currency        text           not null,
  status          text           not null,
  overdraft_limit bigint         not null check (overdraft_limit >= 0),
  posted_debits   numeric(38, 0) not null check (posted_debits >= 0),
  posted_credits  numeric(38, 0) not null check (posted_credits >= 0),
  held_debits     numeric(38, 0) not null check (held_debits >= 0),
  held_credits    numeric(38, 0) not null check (held_credits >= 0),
  metadata        text,
  position        bigint         not null,
  last_posting    bigint         not null,
  postings        bigint         not null,
  opened_micros   bigint         not null,
  primary key (branch_id, serial)
) with (fillfactor = 60);
create index accounts_by_customer on accounts (branch_id, customer, serial) where customer is not null;

-- One row per hold and branch; the journal says the same, this says it fast.
create table holds (
  branch_id           integer not null,
  hold_id             uuid    not null,
  debit_serial        bigint  not null,
  credit_serial       bigint  not null,
  amount              bigint  not null check (amount > 0),
  currency            text    not null,
  expires_micros      bigint,
  counterparty_branch integer,
  counterparty_serial bigint,
  status              text    not null,
  captured            bigint,
  resolved_by         uuid,
  position            bigint  not null,
  placed_micros       bigint  not null,
  primary key (branch_id, hold_id)
);
create index holds_by_debit on holds (branch_id, debit_serial, position);
create index holds_by_credit on holds (branch_id, credit_serial, position);
create index open_holds_by_debit on holds (branch_id, debit_serial, expires_micros) where status = 'held';
create index open_holds_by_credit on holds (branch_id, credit_serial, expires_micros) where status = 'held';
create index holds_by_expiry on holds (expires_micros, branch_id) where status = 'held' and expires_micros is not null;

-- Append-only: nothing updates or deletes an entry, but for erasing notes. A write's entries carry its id and body,
-- which makes the journal the register of ids too: one unique index serves both. A posting knows the posting before it of
-- either account, 0 if there is none, so that statements need no index of their own.
create table entries (
  branch_id           integer  not null,
  position            bigint   not null,
  time_micros         bigint   not null,
  write_id            uuid     not null,
  ordinal             smallint not null,
  kind                text     not null,
  body                text,
  debit_serial        bigint,
  credit_serial       bigint,
  amount              bigint   check (amount > 0),
  currency            text,
  debit_balance       bigint,
  credit_balance      bigint,
  counterparty_branch integer,
  counterparty_serial bigint,
  hold_id             uuid,
  held                bigint,
  reversal_of         uuid,
  group_id            uuid,
  group_index         smallint,
  actor               text,
  notes               text,
  notes_salt          bytea,
  notes_hash          bytea,
  detail              text,
  debit_previous      bigint,
  credit_previous     bigint,
  digest              bytea    not null,
  primary key (branch_id, position)
);
create unique index entries_by_write on entries (branch_id, write_id, ordinal);
create index entries_by_group on entries (branch_id, group_id, position) where group_id is not null;
create index entries_by_reversal on entries (branch_id, reversal_of) where reversal_of is not null;

-- Signposts along the postings of each account, which are chained backwards: see docs/adr/0007.
create table posting_marks (
  branch_id integer not null,
  serial    bigint  not null,
  position  bigint  not null,
  primary key (branch_id, serial, position)
);

-- One row per commit and branch (R9).
create table seals (
  branch_id      integer not null,
  last_position  bigint  not null,
  first_position bigint  not null,
  root           bytea   not null,
  hash           bytea   not null,
  primary key (branch_id, last_position)
);
`;
