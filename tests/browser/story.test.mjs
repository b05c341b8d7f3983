// Does a customer's story hold what people put into it, and does its brief fit on one page of paper?
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { atTheStore, Person } from './house.mjs';

// One red dot: the smallest picture that a browser draws.
const DOT = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg==';

let house;
let browser;
let priya;
let dana;

atTheStore(async (store) => {
  ({ house, browser } = store);
  priya = await store.signedIn('Priya Nair');
  const { items } = await priya.api('/api/alerts?state=open&scope=store&limit=200');
  dana = (items.find((alert) => alert.customer.name === 'Dana Whitfield') ?? items[0]).customer.id;
});

/** The whole story, as the store tells it. */
async function storyOf(customer) {
  const lines = [];
  for (let next = ''; next !== null; ) {
    const page = await priya.api(`/api/customers/${customer}/story?limit=200&before=${next}`);
    lines.push(...page.items);
    next = page.next;
  }
  return lines;
}

describe('the story', () => {
  test('draws a visit together, and opens it', async () => {
    const visit = (await storyOf(dana)).find((line) => line.within.length > 1);
    assert.ok(visit, 'Dana came to the site more than once');
    await priya.goto(`/customers/${dana}?line=${visit.id}`, `[data-record="${visit.id}"]`);
    const { page } = priya;
    assert.equal(await page.locator(`[data-record="${visit.within[0].id}"]`).count(), 0);
    await page.getByRole('button', { name: `Show ${visit.within.length} records` }).first().click();
    await page.locator(`[data-record="${visit.within[0].id}"]`).waitFor();
  });

  test('a link leads to a line far back, and into a visit', async () => {
    const story = await storyOf(dana);
    const within = story.findLast((line) => line.within.length > 1)?.within.at(-1);
    for (const line of [story.at(-1), within].filter(Boolean)) {
      await priya.goto('/customers', '.line');
      await priya.goto(`/customers/${dana}?line=${line.id}`, '[data-record]');
      const lit = priya.page.locator(`[data-record="${line.id}"].isLit`);
      await lit.waitFor({ timeout: 10_000 });
      assert.ok(await lit.evaluate((row) => row.getBoundingClientRect().top < innerHeight), line.title);
    }
  });

  test('is narrowed by a road and by what is typed', async () => {
    await priya.goto(`/customers/${dana}`, '[data-record]');
    const { page } = priya;
    const { roads } = await priya.api(`/api/customers/${dana}/story?limit=1`);
    await page.getByRole('button', { name: `Web, ${roads.web}` }).click();
    await page.waitForURL(/road=web/);
    await page.getByRole('button', { name: /^All, / }).click();
    await page.getByRole('searchbox', { name: 'Find in this story' }).fill('nobody said this');
    await page.getByText('Nothing in this story has these words').waitFor();
    await page.getByRole('searchbox', { name: 'Find in this story' }).press('Escape');
    await page.locator('[data-record]').first().waitFor();
  });

  test('a colleague mentioned in a note finds it on their list', async () => {
    const { people } = await priya.api('/api/me');
    const jo = people.find((person) => house.at.people.includes(person.name));
    await priya.goto(`/customers/${dana}`, '[data-record]');
    const { page } = priya;
    await page.keyboard.press('o');
    const box = page.getByRole('combobox', { name: 'Note' });
    await box.pressSequentially(`@${jo.name.slice(0, 2)}`);
    await page.getByRole('option', { name: jo.name }).waitFor();
    while ((await page.getByRole('option', { name: jo.name }).getAttribute('aria-selected')) !== 'true') await box.press('ArrowDown');
    await box.press('Enter');
    await box.pressSequentially('can you call her today?');
    await box.press('Control+Enter');
    await page.locator('.chips', { hasText: `@${jo.name}` }).first().waitFor();
    const colleague = await (await Person.at(browser, house, { name: jo.name })).signIn();
    await colleague.goto('/now', '.it');
    await colleague.page.locator('.it', { hasText: 'can you call her today?' }).waitFor();
    await colleague.close();
  });

  test('a dropped picture is kept and shown, and can be taken away', async () => {
    await priya.goto(`/customers/${dana}`, '[data-record]');
    const { page } = priya;
    const carried = await page.evaluateHandle((dot) => {
      const bytes = Uint8Array.from(atob(dot), (letter) => letter.charCodeAt(0));
      const data = new DataTransfer();
      data.items.add(new File([bytes], 'license.png', { type: 'image/png' }));
      return data;
    }, DOT);
    await page.dispatchEvent('.columns', 'dragover', { dataTransfer: carried });
    await page.getByText('Drop to keep it in this story').waitFor();
    await page.dispatchEvent('.columns', 'drop', { dataTransfer: carried });
    const picture = page.getByRole('img', { name: 'license.png' });
    await picture.waitFor();
    await page.waitForFunction(() => document.querySelector('img[alt="license.png"]')?.naturalWidth === 1);
    assert.deepEqual(await priya.axe(), []);
    await page.getByRole('button', { name: 'Take away license.png' }).click();
    await page.getByRole('button', { name: 'Take away', exact: true }).click();
    await page.getByText('license.png was added, and taken away again').waitFor();
    assert.equal(await picture.count(), 0);
  });
});

describe('the brief on paper', () => {
  test('is opened by a key and fits one page, whoever it is about', async () => {
    await priya.goto(`/customers/${dana}`, '[data-record]');
    await priya.page.keyboard.press('p');
    await priya.page.locator('.sheet h1').waitFor();
    const { items } = await priya.api('/api/alerts?state=open&scope=store&limit=200');
    const customers = new Set([dana, ...items.map((alert) => alert.customer.id)]);
    for (const customer of [...customers].slice(0, 12)) {
      await priya.goto(`/print/brief/${customer}`, '.sheet h1');
      for (const format of ['Letter', 'A4']) {
        const paper = await priya.page.pdf({ format, printBackground: true });
        assert.equal(pages(paper), 1, `customer ${customer} on ${format}`);
      }
    }
  });

  test('covers every sum when the customer may see it', async () => {
    await priya.goto(`/print/brief/${dana}`, '.sheet h1');
    await priya.page.getByLabel('Hide money').check();
    assert.doesNotMatch(await priya.page.locator('.sheet').innerText(), /\$\d/);
    assert.deepEqual(await priya.axe(), []);
    assert.deepEqual(priya.complaints, []);
  });
});

function pages(paper) {
  return [...paper.toString('latin1').matchAll(/\/Type\s*\/Page\b(?!s)/g)].length;
}
