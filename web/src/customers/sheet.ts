// What does a spreadsheet get when selected customers are copied? Columns between tabs, consent in words.
import type { Channel, CustomerRow } from '../types';
import { phone } from '../words';

const HEADS = ['Name', 'Phone', 'Email', 'Place', 'Drives', 'Owner', 'May text', 'May call', 'May email'];

export function asSheet(rows: readonly CustomerRow[]): string {
  return [HEADS, ...rows.map(columns)].map((cells) => cells.map(cell).join('\t')).join('\n');
}

function columns(row: CustomerRow): string[] {
  const may = (channel: Channel): string => (row.consent[channel] === 'allowed' ? 'yes' : 'no');
  return [
    row.name,
    row.phone ? phone(row.phone) : '',
    row.email ?? '',
    row.place ?? '',
    row.drives ?? '',
    row.owner?.name ?? '',
    may('text'),
    may('call'),
    may('email'),
  ];
}

// A cell that begins like a formula would be run by the spreadsheet; an apostrophe makes it plain text.
function cell(text: string): string {
  const flat = text.replace(/[\t\r\n]+/g, ' ');
  return /^[=+\-@]/.test(flat) ? `'${flat}` : flat;
}
