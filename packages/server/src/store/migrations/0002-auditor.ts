/**
 * The one auditor of the bank: which server it is for now, and how far it has come. A row instead of an advisory lock, so
 * that it works wherever the books do, and another server goes on where one has stopped.
 */
export const auditor = `
create table auditor (
  id           integer     primary key check (id = 1),
  server       uuid,
  leased_until timestamptz not null,
  branch_id    integer     not null,
  position     bigint      not null,
  head_hash    bytea       not null,
  rounds       bigint      not null
);
insert into auditor values (1, null, now(), -1, 0, decode(repeat('00', 32), 'hex'), 0);
`;
