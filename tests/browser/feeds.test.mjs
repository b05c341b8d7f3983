// Do three days of a lot come in by a feed, is what cannot be right refused, and where does a car stand? The real program, a real browser.
import assert from 'node:assert/strict';
import { dirname, join } from 'node:path';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { atTheStore, Person, PHONE } from './house.mjs';

const LOT = join(dirname(fileURLToPath(import.meta.url)), '../fixtures/feeds/lot');

let house;
let browser;
let sam;
let priya;

atTheStore(async (store) => {
  ({ house, browser } = store);
  sam = await store.signedIn('Sam Rourke');
  priya = await store.signedIn('Priya Nair');
});

const feed = (person) => person.page.getByRole('article', { name: 'Website' });
const newest = (person) => feed(person).locator('details').first();

/** Brings a snapshot as the button does, and waits for what came of it. */
async function bring(person, file, text) {
  await person.page.getByLabel('Snapshot of Website', { exact: true }).setInputFiles(join(LOT, file));
  await newest(person).locator('summary').filter({ hasText: text }).waitFor();
}

/** What the newest reading did: "Price down L1001", a line a car. */
async function did(person) {
  const lines = await newest(person).locator('.cars li').all();
  return Promise.all(
    lines.map(async (line) => `${await line.locator('.did').innerText()} ${(await line.locator('a').innerText()).match(/L\d+/)?.[0]}`),
  );
}

async function openCar(person, stock) {
  const { items } = await person.api(`/api/vehicles?limit=200&q=${stock}`);
  await person.goto(`/inventory/${items[0].id}`, '.head .price');
}

describe('three days of a lot', () => {
  test('the first snapshot of a new feed fills the lot', async () => {
    await sam.goto('/settings/feeds', '.empty');
    await sam.page.keyboard.press('a');
    await sam.page.getByLabel('Name').fill('Website');
    await sam.page.keyboard.press('Enter');
    await feed(sam).getByText('No snapshot was taken yet').waitFor();
    const inventory = sam.page.getByRole('navigation').getByRole('link', { name: 'Inventory' });
    const before = Number(/\d+/.exec(await inventory.textContent())[0]);
    await bring(sam, '1_tuesday.txt', '12 arrived');
    assert.equal((await did(sam)).length, 12);
    await feed(sam).locator('.stands').getByText('12 cars listed').waitFor();
    await sam.page.getByText(/of them in no feed: none takes those off the lot/).waitFor();
    await sam.page.getByText(`${before + 12} cars on the lot`).waitFor();
    await inventory.filter({ hasText: String(before + 12) }).waitFor({ timeout: 2_000 });
  });

  test('the next days bring arrivals, prices and cars that go', async () => {
    await bring(sam, '2_wednesday.txt', '2 arrived, 3 prices down, 1 price up and 2 not listed');
    assert.deepEqual(await did(sam), [
      'Arrived L1013',
      'Arrived L1014',
      'Price down L1001',
      'Price down L1005',
      'Price down L1009',
      'Price up L1010',
      'Not listed L1003',
      'Not listed L1007',
    ]);
    await bring(sam, '3_thursday.txt', '1 arrived, 1 price down, 1 missing and 1 not listed');
    assert.deepEqual(await did(sam), ['Arrived L1015', 'Price down L1001', 'Missing L1003', 'Not listed L1002']);
  });

  test('a price that came down is on the page of its car', async () => {
    await newest(sam).getByRole('link', { name: /L1001/ }).click();
    await sam.page.locator('.head .price').getByText('$26,650').waitFor();
    await sam.page.locator('.head .price').getByText(/down \$500/).waitFor();
    await sam.page.locator('.numbers').getByText('from $27,650').waitFor();
  });

  test('a car that went is missing, not sold, and off the list', async () => {
    await sam.goto('/settings/feeds', 'article details');
    await newest(sam).getByRole('link', { name: /L1003/ }).click();
    await sam.page.getByRole('region', { name: 'Where it stands' }).getByText('Not in its feed any more').waitFor();
    const { total } = await sam.api('/api/vehicles?q=L1003');
    assert.equal(total, 0);
  });

  test('whoever is no manager sees it all and changes nothing', async () => {
    await priya.goto('/settings/feeds', 'article details');
    await priya.page.getByText('Managers bring and change them').waitFor();
    assert.equal(await priya.page.getByRole('button', { name: /Add a feed|Bring a snapshot|Change|Give up/ }).count(), 0);
  });
});

describe('what cannot be right', () => {
  test('is refused with its reason, taken when somebody says so, and taken back by Z', async () => {
    await sam.goto('/settings/feeds', 'article details');
    await bring(sam, 'cut_off.txt', 'Refused');
    await feed(sam).getByText(/10 of the 13 cars that this feed listed before are not in the file/).first().waitFor();
    await feed(sam).locator('.stands').getByText('13 cars listed').waitFor();
    await feed(sam).getByRole('button', { name: 'Take it all the same' }).click();
    await newest(sam).locator('summary').filter({ hasText: 'Taken all the same' }).waitFor();
    await feed(sam).locator('.stands').getByText('3 cars listed').waitFor();
    await sam.page.keyboard.press('z');
    await newest(sam).locator('summary').filter({ hasText: 'Taken back' }).waitFor();
    await feed(sam).locator('.stands').getByText('13 cars listed').waitFor();
  });

  test('is said on the screen of a colleague without a reload', async () => {
    await priya.goto('/settings/feeds', 'article details');
    await bring(sam, 'cut_off.txt', 'Refused');
    await feed(priya).getByText('The last snapshot was refused.').waitFor();
    await priya.goto('/inventory', '.behind');
    await priya.page.getByText(/its last snapshot was refused\. Its cars and prices are those of /).waitFor();
  });
});

describe('where a car stands', () => {
  test('is said by the keyboard, with for whom, and undone', async () => {
    await openCar(priya, 'L1004');
    const stands = priya.page.getByRole('region', { name: 'Where it stands' });
    await stands.getByText('For sale').waitFor();
    await priya.page.keyboard.press('w');
    await priya.page.getByRole('dialog').waitFor();
    await priya.page.getByRole('radio', { name: 'On hold' }).check();
    await priya.page.getByRole('combobox', { name: /For whom/ }).fill('whitfield');
    await priya.page.getByRole('option').first().waitFor();
    await priya.page.keyboard.press('Enter');
    await priya.page.getByLabel('Note').fill('deposit taken');
    await priya.page.keyboard.press('Enter');
    await stands.getByText(/On hold for Dana Whitfield.*Priya.N\. said so: deposit taken/).waitFor();
    await priya.page.locator('.head').getByText('On hold').waitFor();
    await priya.page.keyboard.press('z');
    await stands.getByText('For sale').waitFor();
  });

  test('in recon it says what is being done', async () => {
    await openCar(priya, 'L1006');
    await priya.page.getByRole('button', { name: 'Where it stands' }).click();
    await priya.page.getByRole('radio', { name: 'In recon' }).check();
    await priya.page.getByRole('radio', { name: 'Detail' }).check();
    await priya.page.getByRole('button', { name: 'Save' }).click();
    await priya.page.getByRole('region', { name: 'Where it stands' }).getByText(/In recon: detail/).waitFor();
  });
});

test('equipment stands on the page of a car, and the lot can be narrowed by it', async () => {
  await openCar(priya, 'L1012');
  const has = await priya.page.getByRole('list', { name: 'Equipment' }).locator('li').allInnerTexts();
  assert.deepEqual(has, ['AWD or 4WD', 'Leather', 'Sunroof', 'Panoramic roof', 'Navigation', 'Parking sensors']);
  await priya.goto('/inventory?view=all&feature=panoramic-roof', '.line');
  assert.deepEqual(await priya.page.locator('.line a').allInnerTexts(), ['2019 Audi Q5 Premium Plus']);
});

test('the pages complain of nothing, at a desk and on a phone, by day and by night', async () => {
  for (const [size, theme] of [[undefined, 'light'], [PHONE, 'dark']]) {
    const person = await (await Person.at(browser, house, { name: 'Sam Rourke', theme, ...(size ? { size } : {}) })).signIn();
    await person.goto('/settings/feeds', 'article details');
    await newest(person).waitFor();
    assert.deepEqual(await person.axe(), []);
    await openCar(person, 'L1012');
    assert.deepEqual(await person.axe(), []);
    const wide = await person.page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
    assert.equal(wide, false, 'nothing is wider than the screen');
    assert.deepEqual(person.complaints, []);
    await person.close();
  }
  assert.deepEqual([...sam.complaints, ...priya.complaints], []);
});
