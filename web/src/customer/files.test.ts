// Is a file refused before it travels, and its size said in few words?
import { expect, it } from 'vitest';
import { FILE_MOST_BYTES, fileSize, whyNot } from './files';

it.each([
  [1, '1 KB'],
  [48_213, '47 KB'],
  [1024 * 1024, '1 MB'],
  [2_516_582, '2.4 MB'],
  [FILE_MOST_BYTES, '20 MB'],
])('%d bytes are %s', (bytes, text) => {
  expect(fileSize(bytes).replaceAll('\u00A0', ' ')).toBe(text);
});

it('says why a file cannot be kept', () => {
  expect(whyNot({ name: 'a.jpg', size: 5 })).toBeNull();
  expect(whyNot({ name: 'a.jpg', size: FILE_MOST_BYTES })).toBeNull();
  expect(whyNot({ name: 'a.jpg', size: 0 })).toBe('a.jpg is empty.');
  expect(whyNot({ name: 'a.mov', size: 30 * 1024 * 1024 })?.replaceAll('\u00A0', ' ')).toBe('a.mov has 30 MB; a file may have 20 MB.');
});
