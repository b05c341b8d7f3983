// What do the browser tests start from? One made-up store, filled once, that each of them copies: node tests/browser/fill.mjs FOLDER
import { fill } from './house.mjs';

await fill(process.argv[2]);
