import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { notesHash, notesText, type SaltedNotes } from './notes-hash.js';

const notes: SaltedNotes = {
  description: 'Rent "May", 3rd floor €',
  metadata: { order: '17', Zone: 'b', émile: '' },
  salt: Buffer.from('000102030405060708090a0b0c0d0e0f', 'hex'),
};

const text =
  '{"description":"Rent \\"May\\", 3rd floor €","metadata":[["Zone","b"],["order","17"],["émile",""]]}';

test('notes have one text, whatever the order of their metadata', () => {
  expect(notesText(notes)).toBe(text);
  expect(notesText({ ...notes, metadata: { émile: '', Zone: 'b', order: '17' } })).toBe(text);
});

test('the hash of notes is that of salt and text', () => {
  expect(notesHash(notes)).toEqual(createHash('sha256').update(notes.salt).update(text, 'utf8').digest());
});

test('the salt hides which notes they were (R9)', () => {
  expect(notesHash({ ...notes, salt: Buffer.alloc(16) })).not.toEqual(notesHash(notes));
});
