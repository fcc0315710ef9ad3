/** The tables of the books, all keyed by the branch first. The order is that in which they are copied. */
export const BOOK_TABLES = ['branches', 'accounts', 'holds', 'entries', 'posting_marks', 'seals'] as const;

/** What is not of any one branch: a few rows, which every node of a distributed database has. */
export const BANK_TABLES = ['schema_migrations', 'auditor'] as const;
