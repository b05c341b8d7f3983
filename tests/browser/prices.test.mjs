// Does a shopper who asked to hear of a lower price hear of it, and does her click reach the person who can act? A host page with the real
// form, the real program's two sides, real browsers.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { describe, test } from 'node:test';
import { atTheStore, eventually, Person, PHONE } from './house.mjs';

// The dealer's website as the made-up store names it; here it is served by this machine.
const NAMED = 'https://www.harborpoint.example';
const STOCK = '24117';

let house;
let browser;
let sam;
let shopper;
let page;
let car;
let site;
let server;

atTheStore(async (store) => {
  ({ house, browser } = store);
  sam = await store.signedIn('Sam Rourke');
  const lot = await sam.api(`/api/vehicles?q=${STOCK}`);
  car = await sam.api(`/api/vehicles/${lot.items.find((one) => one.stock === STOCK).id}`);
  shopper = await browser.newContext({ viewport: PHONE });
  page = await shopper.newPage();
  page.complaints = [];
  page.on('pageerror', (error) => page.complaints.push(error.message));
  server = createServer((_, response) => response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' }).end(hostPage()));
  store.keep({ close: () => (server.closeAllConnections(), server.close()) });
  await new Promise((open) => server.listen(0, '127.0.0.1', open));
  site = `http://127.0.0.1:${server.address().port}`;
});

/** A dealer's page for one car, with a style of its own that would spoil any form it reached. */
function hostPage() {
  const from = `http://${house.at.public}`;
  return `<!doctype html><html lang="en"><title>2022 Honda CR-V</title>
    <style>button, input, label { display: none !important; font-size: 60px } .bad { color: white }</style>
    <main><h1>2022 Honda CR-V</h1><div data-headlight-price-alert></div></main>
    <script>window.asc_datalayer = { page_type: 'item', items: [{ item_id: '${car.vin}', item_number: '${STOCK}' }], events: [{ event: 'asc_item_pageview' }] };</script>
    <script async src="${from}/tag.js" data-key="${house.at.key}"></script>
    <script async src="${from}/price-alert.js" data-key="${house.at.key}" data-stock="${STOCK}"></script></html>`;
}

const pageOf = () => sam.api(`/api/vehicles/${car.id}`);

describe('from the form to the card', () => {
  let customer;
  let message;

  test('the form is empty, says what is missing, and is reached by the keyboard alone', async () => {
    await page.goto(`${site}/used/${STOCK}`);
    await page.getByRole('button', { name: 'Tell me when the price drops' }).focus();
    await page.keyboard.press('Enter');
    assert.equal(await page.evaluate(() => document.activeElement.shadowRoot.activeElement.type), 'tel');
    const box = page.getByLabel(/may send me automated texts/);
    assert.equal(await box.isChecked(), false, 'nobody agrees for her');
    await page.getByLabel('Mobile number').fill('207-555-0177');
    await page.getByRole('button', { name: 'Set the price alert' }).click();
    await page.getByText('Please tick the box, so that we may write to you.').waitFor();
    await box.check();
    await page.getByLabel('Mobile number').fill('12');
    await page.getByRole('button', { name: 'Set the price alert' }).click();
    await page.getByText('That is not a phone number with its area code.').waitFor();
    await page.getByLabel('By email').check();
    assert.equal(await page.getByLabel(/may email me/).isChecked(), false, 'other words, another agreement');
    await page.getByLabel('By text').check();
    assert.deepEqual(page.complaints, []);
  });

  test('the form does well before the rules of accessibility', async () => {
    const { readFile } = await import('node:fs/promises');
    const { createRequire } = await import('node:module');
    const axe = createRequire(new URL('../../web/package.json', import.meta.url)).resolve('axe-core/axe.min.js');
    await page.evaluate(await readFile(axe, 'utf8'));
    const found = await page.evaluate(() => globalThis.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'] }));
    assert.deepEqual(found.violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target).join(' ')}`), []);
  });

  test('she asks to be told, and the store knows her and what she agreed to', async () => {
    await page.getByLabel('Mobile number').fill('207-555-0177');
    await page.getByLabel('Your name').fill('Nora Quill');
    await page.getByLabel(/may send me automated texts/).check();
    await page.getByRole('button', { name: 'Set the price alert' }).click();
    await page.getByText('Thank you. We will write to you when the price drops.').waitFor();
    await eventually(async () => (await pageOf()).pricing.alerts_set === car.pricing.alerts_set + 1, 'the alert is set');
    const found = await sam.api('/api/search?q=nora%20quill&limit=5');
    customer = found.hits.find((hit) => hit.kind === 'customer').id;
    const cars = await sam.api(`/api/customers/${customer}/cars`);
    assert.equal(cars.price_alerts.length, 1);
    assert.match(cars.price_alerts[0].agreed, /not a condition of buying/);
  });

  test('a manager tries a price, sees whom it tells, and publishes it', async () => {
    await sam.goto(`/inventory/${car.id}`, '#try-a-price');
    await sam.page.keyboard.press('p');
    const field = sam.page.getByLabel('Price in dollars');
    await field.fill(String(Math.round(car.price_cents / 100) - 700));
    await eventually(async () => Number(await sam.page.locator('[data-told]').innerText()) > 0, 'somebody would be told');
    assert.deepEqual(await sam.axe(), []);
    await sam.page.getByRole('button', { name: 'Preview' }).click();
    const preview = sam.page.getByRole('dialog');
    await preview.getByText('Nora Quill').waitFor();
    await preview.getByText(/Reply STOP to end/).first().waitFor();
    await sam.page.keyboard.press('Escape');
    assert.equal((await pageOf()).price_cents, car.price_cents, 'nothing is changed by looking');
    await sam.page.getByRole('button', { name: 'Publish price' }).click();
    await sam.page.getByText(/Price set to/).first().waitFor();
    assert.equal((await pageOf()).price_cents, car.price_cents - 70_000);
    const story = await sam.api(`/api/customers/${customer}/story`);
    message = story.items.find((line) => line.title.startsWith('Told them of the lower price'))?.detail;
    assert.match(message ?? JSON.stringify(story.items), /stock 24117.*you asked us to watch.*Price as of.*hl=[\w-]{32}.*Reply STOP/);
  });

  test('taken back nobody is told, and published again she is', async () => {
    await sam.page.getByRole('button', { name: 'Take the price back' }).click();
    await sam.page.getByText('The price stands as before').waitFor();
    assert.equal((await pageOf()).price_cents, car.price_cents);
    const before = await sam.api(`/api/customers/${customer}/story`);
    assert.ok(!before.items.some((line) => line.title.startsWith('Told them of the lower price')));
    await sam.page.getByLabel('Price in dollars').fill(String(Math.round(car.price_cents / 100) - 700));
    await eventually(async () => Number(await sam.page.locator('[data-told]').innerText()) > 0, 'somebody would be told');
    await sam.page.getByRole('button', { name: 'Publish price' }).click();
    message = await eventually(async () => {
      const story = await sam.api(`/api/customers/${customer}/story`);
      return story.items.find((line) => line.title.startsWith('Told them of the lower price'))?.detail;
    }, 'the message waits again');
  });

  test('she follows the link, and whoever can act has a card at once', async () => {
    const link = /https:\S+/.exec(message)[0];
    assert.ok(link.startsWith(`${NAMED}/used/`), link);
    await page.goto(link.replace(NAMED, site));
    const card = await eventually(async () => {
      const { items } = await sam.api('/api/alerts?state=open&scope=store&limit=200');
      return items.find((one) => one.customer.id === customer && one.rule === 'price_alert_used');
    }, 'the card');
    assert.match(card.headline, /Nora followed the price alert on the 2022 CR-V \(#24117\)\./);
    const story = await sam.api(`/api/customers/${customer}/story`);
    assert.match(JSON.stringify(story.items), /followed (a|the) price alert/i, 'and it stands in her story');
    assert.deepEqual([page.complaints, sam.complaints], [[], []]);
  });
});

describe('on the screens', () => {
  test('a wish is taken down on the customer page, and ended', async () => {
    const { items } = await sam.api('/api/customers?limit=5');
    await sam.goto(`/customers/${items[0].id}`, '#cars-for-them');
    await sam.page.getByRole('button', { name: 'Add a wish' }).click();
    const box = sam.page.getByRole('dialog');
    await box.getByLabel('Model').fill('Tacoma');
    await box.getByLabel('At most, dollars').fill('31,000');
    await box.getByRole('button', { name: 'Take it down' }).click();
    await sam.page.getByText('Tacoma, at most $31,000').first().waitFor();
    assert.deepEqual(await sam.axe(), []);
    await sam.page.getByRole('button', { name: /End the wish/ }).click();
    await eventually(async () => (await sam.api(`/api/customers/${items[0].id}/cars`)).wishes.length === 0, 'it is ended');
  });

  test('a rep tries a price on a phone in the dark, and does not publish it', async () => {
    const rep = await (await Person.at(browser, house, { name: 'Priya Nair', size: PHONE, theme: 'dark' })).signIn();
    await rep.goto(`/inventory/${car.id}`, '#try-a-price');
    await rep.page.getByLabel('Price in dollars').fill('25000');
    await eventually(async () => (await rep.page.locator('[data-told]').innerText()) !== '', 'it is planned');
    assert.equal(await rep.page.getByRole('button', { name: 'Publish price' }).count(), 0);
    assert.equal(await rep.page.getByText('Front gross').count(), 0);
    assert.ok(await rep.page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'nothing sticks out');
    assert.deepEqual([await rep.axe(), rep.complaints], [[], []]);
    await rep.close();
  });

  test('once it is sold, its page says whom to offer what, and one press opens the customer with the words', async () => {
    const file = `stock,vin,year,make,model,price,miles,status\n${STOCK},${car.vin},2022,Honda,CR-V,26000,31480,sold\n`;
    const draft = await sam.page.evaluate(async (text) => {
      const headers = { 'Content-Type': 'application/octet-stream', 'X-File-Name': 'sold.csv' };
      return (await fetch('/api/imports', { method: 'POST', headers, body: text })).json();
    }, file);
    await eventually(async () => (await sam.send('POST', `/api/imports/${draft.run.id}/run`, {})).status < 300, 'the file is brought in');
    await eventually(async () => (await pageOf()).status === 'sold', 'the car is sold');
    await sam.goto(`/inventory/${car.id}`, '.head');
    const instead = sam.page.getByRole('complementary', { name: 'Beside this vehicle' });
    await instead.getByRole('heading', { name: /^Tell the \d+ watchers, offer the two closest$/ }).waitFor();
    const nora = instead.getByRole('listitem').filter({ hasText: 'Nora Quill' });
    assert.equal(await nora.locator('.car').count(), 2);
    assert.equal(await sam.page.getByText('Try a price').count(), 0);
    assert.deepEqual([await sam.axe(), await sam.isTooWide()], [[], false]);
    await nora.getByRole('link', { name: 'Reach Nora' }).click();
    await sam.page.getByRole('dialog', { name: /Nora Quill/ }).waitFor();
    assert.equal(new URL(sam.page.url()).search, '', 'a reload opens the customer alone');
    assert.deepEqual(sam.complaints, []);
  });
});
