// Are marked words found where the store will look for them, and is every character of the message still shown?
import { expect, test } from 'vitest';
import type { SetAsideRow } from '../types';
import { find, marksOf, pieces, sourceOf, type Values } from './marks';
import { readOf, standing } from './setaside';

const MAIL = 'Good day!\n\n>> Jane  Roe <<\nring 207-555-0134 asap\n> She says\n> Is it still there?\n\n> I can come on Saturday.\nSent by AutoGuru';

const found = (words: string, text = MAIL): string | null => {
  const place = find(text, words);
  return place && text.slice(place.from, place.to);
};

test('words are found whatever the spaces between them', () => {
  expect(found('Jane Roe')).toBe('Jane  Roe');
  expect(found('  207-555-0134 ')).toBe('207-555-0134');
  expect(found('ring 207-555-0134 asap')).toBe('ring 207-555-0134 asap');
});

test('words over several lines are found without signs of quotation and empty lines', () => {
  expect(found('Is it still there?\nI can come on Saturday.')).toBe('Is it still there?\n\n> I can come on Saturday.');
  expect(found('> Is it still there?\n>\n> I can come on Saturday.')).toBe('Is it still there?\n\n> I can come on Saturday.');
});

test('what does not stand there, stands in other letters, or goes over a line end unsaid is not found', () => {
  for (const words of ['207-555-0135', 'jane roe', 'asap She', '', ' > ']) expect(find(MAIL, words), words).toBeNull();
});

test('the pieces are the whole message, each with all that it was marked as', () => {
  const values: Values = { name: 'Jane Roe', first_name: 'Jane', phone: '207-555-0134', email: 'nobody@example.com' };
  const all = pieces(MAIL, values);
  expect(all.map((piece) => piece.text).join('')).toBe(MAIL);
  expect(all.filter((piece) => piece.fields.length > 0).map(({ text, fields }) => [text, ...fields])).toEqual([
    ['Jane', 'name', 'first_name'],
    ['  Roe', 'name'],
    ['207-555-0134', 'phone'],
  ]);
  expect(pieces(MAIL, {}).map((piece) => piece.text)).toEqual([MAIL]);
  expect(pieces('', {})).toEqual([]);
});

test('only fields that say something are sent', () => {
  expect(marksOf({ phone: ' 207-555-0134 ', name: '  ' })).toEqual([{ field: 'phone', value: '207-555-0134' }]);
});

test('a source is named after its sender, not after the sender’s computers', () => {
  const names = {
    'autoguru.example': 'Autoguru',
    'mail.auto-guru.example': 'Auto Guru',
    'leads.carsdirect.co.uk': 'Carsdirect',
    'jane.roe@example.com': 'Jane Roe',
    'demo website': 'Demo Website',
    localhost: 'Localhost',
    '': '',
  };
  for (const [sender, name] of Object.entries(names)) expect(sourceOf(sender), sender).toBe(name);
});

test('what is read of a sender is said in the order of the form', () => {
  expect(readOf({ fields: ['stock', 'name', 'vin'] })).toBe('Name, stock number and VIN');
});

test('a row says what may be done with it', () => {
  const row = (change: Partial<SetAsideRow>): SetAsideRow => ({ road: 'lead', no_lead: null, restored_ms: null, ...change }) as SetAsideRow;
  expect(standing(row({}))).toBe('unread');
  expect(standing(row({ no_lead: 'spam' }))).toBe('no_lead');
  expect(standing(row({ no_lead: 'spam', restored_ms: 5 }))).toBe('taken_up');
  expect(standing(row({ road: 'import' }))).toBe('kept');
});
