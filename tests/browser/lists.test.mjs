// Can a person find, narrow, save and walk the lists by the keyboard alone, and does a long list move without a stutter?
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { atTheStore } from './house.mjs';

// A frame that takes longer is seen: the browser itself calls such work a long task.
const LONG_TASK_MS = 50;
const SCROLLED_ROWS = 2_000;

let house;
let browser;
let ruth;
let priya;

atTheStore(async (store) => {
  ({ house, browser } = store);
  ruth = await store.signedIn('Ruth Haldane');
  priya = await store.signedIn('Priya Nair');
});

const total = (person) => person.page.locator('header .num').first().innerText();
const words = (person) => new URL(person.page.url()).searchParams;

describe('finding', () => {
  test('from the box to the page of all results, to a customer and back, without a pointer', async () => {
    await ruth.goto('/now', '.it, .empty');
    await ruth.press('Control+k');
    await ruth.page.keyboard.type('whit');
    await ruth.page.getByRole('option', { name: /All results/ }).waitFor();
    await ruth.press('Shift+Enter');
    await ruth.page.locator('.line').first().waitFor();
    assert.equal(words(ruth).get('q'), 'whit');
    await ruth.press('j', 'j', 'k', 'Enter');
    await ruth.page.locator('[data-record]').first().waitFor();
    await ruth.page.goBack();
    await ruth.page.locator('.line').first().waitFor();
    assert.equal(words(ruth).get('q'), 'whit');
  });

  test('each result says why it was found', async () => {
    await ruth.goto('/find?q=0148', '.line');
    assert.match(await ruth.page.locator('.line .why').first().innerText(), /phone ends 0148/);
    await ruth.goto('/find?q=614882', '.line');
    assert.match(await ruth.page.locator('.line .why').first().innerText(), /VIN ends 614882/);
  });

  test('what was searched for is offered again, to this person only, until it is cleared', async () => {
    await ruth.goto('/find', '.lately');
    assert.deepEqual(await ruth.page.locator('.lately a').allInnerTexts(), ['whit']);
    await ruth.page.getByRole('button', { name: 'Clear' }).click();
    await ruth.page.getByText('Whatever you know of them').waitFor();
    await ruth.page.reload();
    await ruth.page.getByText('Whatever you know of them').waitFor();
  });

  test('Escape empties the box, and then leads back to where one was', async () => {
    await ruth.goto('/customers', '.line');
    await ruth.page.evaluate(() => document.querySelector('a[href="/inventory"]').click());
    await ruth.page.locator('.vehicle-grid').first().waitFor();
    await ruth.press('Control+k', 'Shift+Enter');
    const box = ruth.page.getByRole('searchbox', { name: 'Find people and vehicles' });
    await box.fill('civic');
    await ruth.page.locator('.line').first().waitFor();
    await box.press('Escape');
    assert.equal(await box.inputValue(), '');
    await box.press('Escape');
    await ruth.page.waitForURL('**/inventory');
  });
});

describe('a list', () => {
  test('is narrowed by the keyboard, and the address says how', async () => {
    await ruth.goto('/customers', '.line');
    const all = await total(ruth);
    await ruth.press('Shift+f');
    await ruth.page.getByRole('menuitem', { name: 'Card' }).waitFor();
    await ruth.press('c', 'Enter');
    await ruth.page.getByRole('menuitem', { name: 'open now' }).waitFor();
    await ruth.press('o', 'Enter');
    await ruth.page.waitForURL('**card=open**');
    await ruth.press('Shift+f', 'd', 'Enter');
    await ruth.page.getByRole('textbox', { name: 'Drives' }).waitFor();
    await ruth.page.keyboard.type('honda');
    await ruth.press('Enter');
    await ruth.page.waitForURL('**drives=honda**');
    await ruth.page.getByText('Dana Whitfield').waitFor();
    assert.notEqual(await total(ruth), all);
    await ruth.page.getByRole('button', { name: 'Clear all' }).click();
    await ruth.page.waitForFunction((before) => document.querySelector('header .num')?.textContent === before, all);
    assert.equal(words(ruth).get('drives'), null);
  });

  test('is saved for the store, found by a colleague, and removed and brought back', async () => {
    await ruth.goto('/customers?view=all&touch=over_month&sort=quiet', '.line, .empty');
    await ruth.press('v');
    await ruth.page.getByRole('menuitem', { name: 'Save this list…' }).click();
    await ruth.page.getByLabel('Name').fill('Gone quiet');
    await ruth.page.getByLabel('For everybody at the store').check();
    await ruth.page.keyboard.press('Enter');
    await ruth.page.getByRole('button', { name: 'Gone quiet' }).waitFor();

    await priya.goto('/customers', '.line');
    await priya.press('v', 'g', 'Enter');
    await priya.page.waitForURL('**touch=over_month**');
    await priya.press('v');
    assert.equal(await priya.page.getByRole('menuitem', { name: /Remove/ }).count(), 0, 'not hers to remove');
    await priya.press('Escape');

    await ruth.press('v');
    await ruth.page.getByRole('menuitem', { name: 'Remove “Gone quiet”' }).click();
    await ruth.page.getByText('View “Gone quiet” removed').waitFor();
    await ruth.press('z');
    await ruth.page.getByRole('button', { name: 'Gone quiet' }).waitFor();
    const { items } = await ruth.api('/api/views');
    assert.deepEqual(items.map(({ name, shared, words }) => [name, shared, words]), [['Gone quiet', true, 'view=all&sort=quiet&touch=over_month']]);
  });

  test('is given out as a spreadsheet of what it shows, to a manager and not to a rep', async () => {
    await ruth.goto('/inventory?view=all&make=Honda', '.line');
    const shown = Number(await total(ruth));
    const [download] = await Promise.all([ruth.page.waitForEvent('download'), ruth.page.getByRole('link', { name: 'CSV' }).click()]);
    const chunks = [];
    for await (const chunk of await download.createReadStream()) chunks.push(chunk);
    assert.equal(Buffer.concat(chunks).toString().trim().split('\r\n').length, shown + 1);
    await priya.goto('/inventory?view=all&make=Honda', '.line');
    assert.equal(await priya.page.getByRole('link', { name: 'CSV' }).count(), 0);
  });

  test(`of ${SCROLLED_ROWS} rows moves without a long task`, async () => {
    await ruth.goto('/customers', '.line');
    await ruth.page.waitForTimeout(500);
    await browser.startTracing(ruth.page, { categories: ['toplevel'] });
    const { drawn, last } = await flickThrough(ruth);
    const longest = longestTask(JSON.parse((await browser.stopTracing()).toString()).traceEvents);
    assert.ok(last > SCROLLED_ROWS * 0.9, `only ${last} rows were reached`);
    assert.ok(drawn < 200, `${drawn} rows are drawn at once`);
    assert.ok(longest > 0 && longest < LONG_TASK_MS, `the longest task took ${longest} ms`);
  });
});

/** Down the list in hard flicks of the thumb, 400 px a frame. */
function flickThrough(person) {
  return person.page.evaluate(async (rows) => {
    const scroller = document.querySelector('.scroller');
    const frame = () => new Promise((wake) => requestAnimationFrame(wake));
    const end = rows * 40 - scroller.clientHeight;
    for (let from = 0; from < end; from += 400) {
      scroller.scrollTop = from;
      await frame();
      // Rows that are still on their way are waited for as a person would.
      while (scroller.scrollHeight < from + scroller.clientHeight + 400 && scroller.scrollHeight < end) await frame();
    }
    const last = Number(document.querySelector('li:last-child')?.getAttribute('aria-posinset'));
    return { drawn: document.querySelectorAll('.line').length, last };
  }, SCROLLED_ROWS);
}

/** In ms of the page's own work: what other programs take meanwhile is not its stutter. */
function longestTask(events) {
  const mains = events.filter((event) => event.name === 'thread_name' && event.args.name === 'CrRendererMain').map(({ pid, tid }) => `${pid} ${tid}`);
  const tasks = events.filter(({ name, pid, tid }) => name.endsWith('RunTask') && mains.includes(`${pid} ${tid}`));
  return Math.round(Math.max(0, ...tasks.map((task) => task.tdur ?? 0)) / 1_000);
}

test('through all of this the pages met no error and broke no policy', () => {
  assert.deepEqual([ruth.complaints, priya.complaints], [[], []]);
});
