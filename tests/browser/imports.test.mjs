// Does a store bring its past in, look before anything happens, and take it back again? The real program, a real browser.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { atTheStore, DESK, eventually, Person, PHONE } from './house.mjs';

const MOST_BYTES = 128 * 1024 * 1024;

// As a DMS exports them; line 4 names nobody, line 5 is Imani again.
const CUSTOMERS = `Customer No,First Name,Last Name,Cell Phone,Email,Opt
80001,Imani,Osei,907-555-0161,imani.osei@example.com,Y
80002,Bo,Strand,907-555-0162,bo.strand@example.com,N
80003,,,,,Y
80001,Imani,Osei,907-555-0161,imani.osei@example.com,Y
`;
const DEALS = `Deal No,Customer No,First Name,Last Name,Cell Phone,Signed,VIN,Year,Make,Model,Price
D-7001,80001,Imani,Osei,907-555-0161,06/30/2025,1HGCM82633A004352,2003,Honda,Accord,7995.00
D-7002,80002,Bo,Strand,907-555-0162,07/02/2025,2HGFC2F59KH512345,2019,Honda,Civic,18995.00
`;

let house;
let browser;
let sam;
let priya;

atTheStore(async (store) => {
  ({ house, browser } = store);
  sam = await store.signedIn('Sam Rourke');
  priya = await store.signedIn('Priya Nair');
});

const main = (person) => person.page.locator('main');
const isThere = (person, text) => main(person).getByText(text).first().waitFor();
const importButton = (person) => person.page.getByRole('button', { name: /^Import \d/ });

/** Brings a file as the button does; ends on its page. */
async function bring(person, name, text) {
  await person.goto('/imports', '.zone');
  await person.page.locator('input[type=file]').setInputFiles({ name, mimeType: 'text/csv', buffer: Buffer.from(text) });
  await person.page.waitForURL(/\/imports\/\d+$/);
  await person.page.locator('.columns li').first().waitFor();
  await isThere(person, 'This will bring in');
  await person.page.locator('.aside dl, .aside .refused').first().waitFor();
}

/** "3 new people" and so on, as the page tells them. */
async function figures(person) {
  const lines = await main(person).locator('dl').last().locator('div').all();
  return Promise.all(lines.map(async (line) => `${await line.locator('dd').innerText()} ${await line.locator('dt').innerText()}`));
}

/** Picks where a column goes by the keyboard. */
async function match(person, column, typed) {
  await person.page.getByRole('button', { name: new RegExp(`^${column} goes to`) }).click();
  const box = person.page.getByRole('combobox', { name: `${column} goes to` });
  await box.fill(typed);
  await box.press('Enter');
  await box.waitFor({ state: 'detached' });
}

async function undoTheImport(person) {
  await person.page.getByRole('button', { name: 'Undo this import…' }).click();
  await person.page.getByRole('button', { name: 'Undo it', exact: true }).click();
  await person.page.getByRole('heading', { name: 'Undone' }).waitFor({ timeout: 20_000 });
}

describe('a file of customers', () => {
  test('is read, rehearsed and shown with its joins before anything is imported', async () => {
    await bring(sam, 'dms_customers.csv', CUSTOMERS);
    await isThere(sam, /UTF-8, cells between commas, columns named in line 1\./);
    assert.deepEqual(await figures(sam), ['2 new people', '0 more about people you have', '1 known already, nothing changes', '1 held back']);
    assert.equal((await sam.api('/api/search?q=imani')).hits.length, 0, 'nothing is imported yet');
    await isThere(sam, 'Imani Osei');
  });

  test('is mended in the page: the row that was held back comes in', async () => {
    const row = sam.page.locator('section li', { hasText: 'Line 4' });
    await row.waitFor();
    await row.getByLabel('First Name, line 4').fill('Kojo');
    await row.getByLabel('Last Name, line 4').fill('Adebayo');
    await row.getByLabel('Cell Phone, line 4').fill('907-555-0163');
    await row.getByLabel('Email, line 4').click();
    await row.getByText('is fine now').waitFor();
    await sam.page.getByRole('button', { name: 'Import 4 rows' }).waitFor();
  });

  test('stands as it was left when it is opened again', async () => {
    await sam.page.reload();
    await sam.page.getByRole('button', { name: 'Import 4 rows' }).waitFor();
    await isThere(sam, '1 row mended by hand');
    await sam.page.getByRole('link', { name: /^Imports/ }).first().waitFor();
    assert.match(await sam.page.locator('nav a[href="/imports"] .n').innerText(), /^1$/);
  });

  test('is run in the background and reported', async () => {
    await importButton(sam).click();
    await sam.page.getByRole('heading', { name: 'What came in' }).waitFor({ timeout: 20_000 });
    assert.deepEqual(await figures(sam), ['3 new people', '0 more about people you have', '1 known already, nothing changes', '0 held back']);
  });
});

describe('a file of deals with a wrong column', () => {
  test('says what it lacks, and nothing can be begun', async () => {
    await bring(sam, 'dms_deals.csv', DEALS);
    // As somebody would who takes the day of the contract for a birthday.
    await match(sam, 'Signed', 'birth date');
    await isThere(sam, /The file has no column with the date of the sale/);
    assert.equal(await sam.page.getByRole('button', { name: 'Import deals' }).isDisabled(), true);
  });

  test('is put right, and every deal finds its buyer by the number', async () => {
    await match(sam, 'Signed', 'date of the sale');
    await importButton(sam).waitFor();
    await sam.page.waitForFunction(() => !document.querySelector('.foot-bar .pri')?.disabled);
    assert.deepEqual((await figures(sam))[0], '2 new deals');
    await importButton(sam).click();
    await sam.page.getByRole('heading', { name: 'What came in' }).waitFor({ timeout: 20_000 });
  });

  test('is remembered: the next such file is matched as this one was', async () => {
    await bring(sam, 'dms_deals_july.csv', DEALS.replace('D-7001', 'D-7101').replace('D-7002', 'D-7102'));
    await isThere(sam, 'Matched as you matched the last such file.');
    await sam.page.getByRole('button', { name: 'Discard…' }).click();
    await sam.page.getByRole('button', { name: 'Discard it' }).click();
    await sam.page.waitForURL('**/imports');
    await isThere(sam, 'dms_deals.csv');
    assert.equal(await main(sam).getByText('dms_deals_july.csv').count(), 0);
  });
});

describe('what came in', () => {
  test('is found by a fragment of the phone and tells one story', async () => {
    await sam.goto('/find?q=0161', '.line');
    await sam.page.locator('.line', { hasText: 'Imani Osei' }).first().click();
    await sam.page.locator('[data-record]').first().waitFor();
    await isThere(sam, /Bought the 2003 Honda Accord/);
  });

  test('is worked on, and stays when its import is undone; the rest is gone', async () => {
    await sam.page.getByRole('button', { name: /note/i }).first().click();
    await sam.page.getByRole('combobox', { name: /note/i }).fill('Wants a third row.');
    await sam.page.keyboard.press('Control+Enter');
    await isThere(sam, 'Wants a third row.');

    const { items } = await sam.api('/api/imports');
    const [deals, customers] = ['dms_deals.csv', 'dms_customers.csv'].map((file) => items.find((run) => run.file === file).id);
    await sam.goto(`/imports/${deals}`, 'h1');
    await undoTheImport(sam);
    await sam.goto(`/imports/${customers}`, 'h1');
    await undoTheImport(sam);
    // It goes row by row, and slowly beside other work.
    const { reversed, kept: stayed, failed } = await eventually(async () => {
      const { taken_back: done } = (await sam.api(`/api/imports/${customers}`)).run;
      return done.reversed + done.kept + done.failed === 3 && done;
    }, 'all three rows taken back');
    assert.deepEqual([reversed, stayed, failed], [2, 1, 0]);
    const kept = main(sam).getByRole('link', { name: 'Imani Osei' });
    await kept.click();
    await isThere(sam, 'Wants a third row.');
    assert.equal(await main(sam).getByText(/Bought the 2003/).count(), 0, 'the deal was taken back');
    const { hits } = await sam.api('/api/search?q=bo%20strand');
    assert.equal(hits.some((hit) => hit.title === 'Bo Strand'), false);
  });
});

describe('what cannot be brought', () => {
  const refused = async (name, buffer, words) => {
    await sam.goto('/imports', '.zone');
    await sam.page.locator('input[type=file]').setInputFiles({ name, mimeType: 'text/csv', buffer });
    await sam.page.locator('.zone [role=alert]').getByText(words).waitFor();
    assert.match(sam.page.url(), /\/imports$/);
  };

  test('is refused with what was found and what to do', async () => {
    const before = (await sam.api('/api/imports')).total;
    await refused('people.csv', Buffer.from('PK\x03\x04[Content_Types].xml'), /spreadsheet|CSV/);
    await refused('people.csv', Buffer.from('First Name,Last Name\n'), /no row follows/);
    await refused('empty.csv', Buffer.alloc(0), /empty/);
    assert.equal((await sam.api('/api/imports')).total, before, 'nothing half brought remains');
  });

  test('is not sent at all when it is too large', async () => {
    await sam.goto('/imports', '.zone');
    const sent = [];
    sam.page.on('request', (request) => request.method() === 'POST' && sent.push(request.url()));
    await sam.page.evaluate((size) => {
      const file = new File([''], 'all_of_it.csv');
      Object.defineProperty(file, 'size', { value: size });
      const given = new DataTransfer();
      given.items.add(file);
      const input = document.querySelector('input[type=file]');
      Object.defineProperty(input, 'files', { value: [file], configurable: true });
      input.dispatchEvent(new Event('change', { bubbles: true }));
    }, MOST_BYTES + 1);
    await isThere(sam, /a browser may bring 128 MB\. Export it in parts/);
    assert.deepEqual(sent, []);
  });

  test('breaks off with a sentence, and nothing of it remains', async () => {
    await sam.goto('/imports', '.zone');
    const before = (await sam.api('/api/imports')).total;
    await sam.page.route('**/api/imports', (route) => (route.request().method() === 'POST' ? route.abort('connectionreset') : route.continue()));
    await sam.page.locator('input[type=file]').setInputFiles({ name: 'late.csv', mimeType: 'text/csv', buffer: Buffer.from(CUSTOMERS) });
    await isThere(sam, /did not arrive whole, and nothing of it was kept/);
    await sam.page.unroute('**/api/imports');
    assert.equal((await sam.api('/api/imports')).total, before);
  });

  test('by somebody who is no manager: the page says who brings files', async () => {
    await priya.goto('/imports', '.empty');
    await isThere(priya, /Ask .*Sam Rourke/);
    assert.equal(await priya.page.locator('nav a[href="/imports"]').count(), 0);
  });
});

describe('the pages of imports', () => {
  for (const [device, size] of Object.entries({ desk: DESK, phone: PHONE })) {
    for (const theme of ['light', 'dark']) {
      test(`have no barrier that can be found by machine, and fit (${device}, ${theme})`, async () => {
        const ruth = await (await Person.at(browser, house, { name: 'Ruth Haldane', size, theme })).signIn();
        await bring(ruth, `look_${device}_${theme}.csv`, CUSTOMERS.replaceAll('8000', '8100'));
        assert.deepEqual(await ruth.axe(), [], 'a draft');
        await ruth.page.getByRole('button', { name: /^Opt goes to/ }).click();
        await ruth.page.getByRole('combobox', { name: 'Opt goes to' }).waitFor();
        assert.deepEqual(await ruth.axe(), [], 'a column being matched');
        await ruth.page.keyboard.press('Escape');
        const { items } = await ruth.api('/api/imports');
        await ruth.goto(`/imports/${items.find((run) => run.state === 'taken_back').id}`, 'dl');
        assert.deepEqual(await ruth.axe(), [], 'a report');
        await ruth.goto('/imports', '.run');
        assert.deepEqual(await ruth.axe(), [], 'the list');
        const over = await ruth.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
        assert.equal(over, 0);
        assert.deepEqual(ruth.complaints, []);
        await ruth.close();
      });
    }
  }
});
