/**
 * The books. Every table is keyed by the branch first, so that branches can be spread over nodes; nothing here needs
 * sequences, triggers or foreign keys across branches.
 */
export const books = `
create table branches (
  branch_id   integer  primary key check (branch_id between 0 and 9999),
  position    bigint   not null,
  time_micros bigint   not null,
  next_serial bigint   not null
);

create table accounts (
  branch_id      integer        not null,
  serial         bigint         not null,
  kind           text           not null,
  customer       text,
  peer_branch_id integer,
  currency       text           not null,
  posted_debits  numeric(38, 0) not null check (posted_debits >= 0),
  posted_credits numeric(38, 0) not null check (posted_credits >= 0),
  position       bigint         not null,
  opened_micros  bigint         not null,
  primary key (branch_id, serial)
);
create index accounts_by_customer on accounts (branch_id, customer, serial) where customer is not null;

-- Append-only: nothing updates or deletes an entry. A write's entries carry its id and body, which makes the journal
-- the register of ids too: one unique index serves both.
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
  detail              text,
  primary key (branch_id, position)
);
create unique index entries_by_write on entries (branch_id, write_id, ordinal);
create index entries_by_debit on entries (branch_id, debit_serial, position) where debit_serial is not null;
create index entries_by_credit on entries (branch_id, credit_serial, position) where credit_serial is not null;
`;
