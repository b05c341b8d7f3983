// Does a shopper on the dealer's website get an honest range, and the salesperson the worksheet of their car? A plain page of another
// host, a real browser, the real program's two sides.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { describe, test } from 'node:test';
import { atTheStore, Person, PHONE } from './house.mjs';

const VIN = '2HKRW2H84NH614880';

let house;
let browser;
let site;

atTheStore(async (store) => {
  ({ house, browser } = store);
  site = store.keep(await new Site().open());
});

/** The dealer's website: one page with the tag and the tool as a dealer pastes them, under a policy that such sites have. */
class Site {
  async open() {
    const store = `http://${house.at.public}`;
    const lines = `<script async src="${store}/tag.js" data-key="${house.at.key}"></script><script async src="${store}/trade.js" data-key="${house.at.key}"></script>`;
    const body = `<!doctype html><html lang="en"><title>Sell us your car</title><h1>Sell us your car</h1><div id="headlight-trade"></div><p id="below">Below</p>${lines}`;
    this.server = createServer((_, response) => {
      const policy = `default-src 'self'; script-src ${store}; frame-src ${store}; connect-src ${store}`;
      response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8', 'Content-Security-Policy': policy }).end(body);
    });
    await new Promise((done) => this.server.listen(0, '127.0.0.1', done));
    this.url = `http://127.0.0.1:${this.server.address().port}`;
    return this;
  }

  close() {
    this.server.closeAllConnections();
    return new Promise((done) => this.server.close(done));
  }
}

/** A shopper on that page, and the tool within it. */
async function shopper({ size, asksNotToBeFollowed = false } = {}) {
  const context = await browser.newContext(size ? { viewport: size, hasTouch: true } : {});
  const page = await context.newPage();
  const complaints = [];
  const told = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  page.on('request', (request) => request.url().includes('/trade/answers') && told.push(JSON.parse(request.postData())));
  if (asksNotToBeFollowed) await context.addInitScript(() => Object.defineProperty(Navigator.prototype, 'globalPrivacyControl', { get: () => true }));
  await page.goto(`${site.url}/sell-us-your-car`);
  const tool = page.frameLocator('iframe[title="What is your car worth?"]');
  await tool.getByRole('heading', { name: 'Which car is it?' }).waitFor();
  return { context, page, tool, complaints, told };
}

/** From the number to the range. */
async function toTheRange(tool) {
  await tool.getByLabel('VIN').fill(VIN);
  await tool.getByRole('button', { name: 'Next' }).click();
  await tool.getByLabel('Odometer').fill('61,240');
  await tool.getByRole('button', { name: 'Next' }).click();
  await tool.getByText('Dents or scratches').click();
  for (const good of ['As it should', 'Good for another year', 'Never', 'Clean, in my name']) await tool.getByText(good, { exact: true }).click();
  await tool.getByRole('button', { name: 'Show the range' }).click();
  return tool.locator('.range').innerText();
}

async function axeIn(frame) {
  const { readFile } = await import('node:fs/promises');
  await frame.evaluate(await readFile(new URL('../../web/node_modules/axe-core/axe.min.js', import.meta.url), 'utf8'));
  const found = await frame.evaluate(() => globalThis.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'] }));
  return found.violations.map((violation) => `${violation.id}: ${violation.nodes.map((node) => node.target).join('; ')}`);
}

async function eventually(read, isSo, what) {
  let last;
  for (let tries = 0; tries < 80; tries++) {
    last = await read();
    if (isSo(last)) return last;
    await new Promise((wake) => setTimeout(wake, 100));
  }
  return assert.fail(`${what}: ${JSON.stringify(last)}`);
}

describe('the tool on the dealer\'s page', () => {
  test('a range with its reasons, shown whether or not anybody says who they are; then a lead with the worksheet', async () => {
    const { context, page, tool, complaints, told } = await shopper();
    const range = await toTheRange(tool);
    assert.match(range, /^\$\d+,\d00\u2013\d+,\d00$/);
    await tool.getByText('With a clean outside it would bring about').waitFor();
    const frame = page.frames().find((one) => one.url().includes('/trade?'));
    assert.deepEqual(await axeIn(frame), []);
    const [inner, outer] = [await frame.evaluate(() => document.getElementById('tool').offsetHeight), await page.locator('iframe').evaluate((one) => one.offsetHeight)];
    assert.ok(Math.abs(inner - outer) <= 1, `the frame has the height of what is in it: ${inner}, ${outer}`);

    await tool.getByRole('button', { name: 'Send me this' }).click();
    assert.equal(await tool.getByLabel('may text me about my car').isChecked(), false);
    await tool.getByLabel('Name').fill('Wren Halloway');
    await tool.getByRole('button', { name: 'Send', exact: true }).click();
    await tool.getByText('Leave a phone number or an email address').waitFor();
    await tool.getByLabel('Phone').fill('207-555-0163');
    await tool.getByRole('button', { name: 'Send', exact: true }).click();
    await tool.locator('#sent').waitFor();
    assert.deepEqual(told.map((one) => one.step), ['start', 'vehicle', 'miles', 'result', 'contact']);
    assert.equal(new Set(told.map((one) => one.client)).size, 1);
    assert.equal(told[0].client, await page.evaluate(() => localStorage.getItem('headlight_id')), 'the browser is the one that the tag knows');
    assert.deepEqual((await context.cookies()).map((cookie) => cookie.name), [], 'no cookie, its own or another\'s');
    assert.deepEqual(complaints.filter((text) => !text.includes('422')), []);

    const priya = await (await Person.at(browser, house)).signIn();
    const { items } = await eventually(() => priya.api('/api/customers?q=Halloway&limit=5'), (found) => found.items?.length === 1, 'the customer');
    const cards = await eventually(
      async () => (await priya.api('/api/alerts?state=open&scope=store&limit=200')).items.filter((card) => card.customer.id === items[0].id),
      (found) => found.length > 0,
      'the card',
    );
    await priya.goto(`/now/${cards[0].id}?scope=store`, '.comp');
    await priya.goto(`/customers/${items[0].id}`, '[data-record]');
    await priya.page.getByText('Finished the trade-in tool').first().waitFor();
    await priya.page.getByRole('link', { name: '2022 Honda CR' }).first().click();
    await priya.page.locator('form.sheet').waitFor();
    await priya.page.getByText('The website showed them').waitFor();
    assert.equal(await priya.page.getByLabel('ACV').inputValue(), '', 'nobody has said a value, and it is not zero');
    await priya.close();
    await context.close();
  });

  test('who asks not to be followed gets the same range and is nobody', async () => {
    const { context, tool, told } = await shopper({ asksNotToBeFollowed: true });
    assert.match(await toTheRange(tool), /^\$/);
    assert.deepEqual([...new Set(told.map((one) => one.client))], ['']);
    await context.close();
  });

  test('a motorcycle goes to a person, a slip is sent back with what was meant, on a phone', async () => {
    const { context, tool, page } = await shopper({ size: PHONE });
    await tool.getByLabel('VIN').fill('2HKRW2H84NH61488O');
    await tool.getByRole('button', { name: 'Next' }).click();
    await tool.getByRole('button', { name: `Is it ${VIN}?` }).click();
    assert.equal(await tool.getByLabel('VIN').inputValue(), VIN);
    await tool.getByLabel('VIN').fill('1HD1ZH110PB311358');
    await tool.getByRole('button', { name: 'Next' }).click();
    await tool.getByText('For a motorcycle, an RV, a trailer or a boat').waitFor();
    const frame = page.frames().find((one) => one.url().includes('/trade?'));
    assert.deepEqual(await axeIn(frame), []);
    assert.ok(await frame.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'nothing sticks out');
    await context.close();
  });
});

describe('the worksheet', () => {
  test('from the customer to paper by keyboard, and back again', async () => {
    const priya = await (await Person.at(browser, house)).signIn();
    const { page } = priya;
    const { items } = await priya.api('/api/customers?card=none&drives=honda&sort=quiet&limit=1');
    await priya.goto(`/customers/${items[0].id}`, '[data-record]');
    await page.getByRole('heading', { name: 'Appraisals' }).waitFor();
    await page.keyboard.press('v');
    await page.locator('form.sheet').waitFor();
    await page.keyboard.press('o');
    await page.keyboard.type('Two tires');
    await page.getByLabel('ACV').focus();
    await page.keyboard.type('C$9,000');
    await page.keyboard.press('Control+Enter');
    await page.getByText('The store counts in no other money').waitFor();
    assert.equal(await page.evaluate(() => document.activeElement.name), 'acv');
    await page.keyboard.press('Control+a');
    await page.keyboard.type('9,000');
    await page.getByLabel('Payoff').focus();
    await page.keyboard.type('11,500');
    await page.getByLabel('Who said so').focus();
    await page.keyboard.type('The bank, by phone');
    await page.keyboard.press('Control+Enter');
    await page.getByText('Appraised', { exact: true }).waitFor();
    assert.deepEqual(await priya.axe(), []);
    const sums = await page.locator('dl dd').allInnerTexts();
    assert.ok(sums.some((text) => text.includes('2,500') && text.includes('\u2212')), `under water: ${sums}`);

    await page.evaluate(() => document.activeElement.blur());
    await page.keyboard.press('p');
    await page.locator('main.sheet h1').waitFor();
    await page.getByText('For the store only').waitFor();
    await page.keyboard.press('h');
    await page.getByText('For the store only').waitFor({ state: 'detached' });
    assert.deepEqual(await priya.axe(), []);
    await page.keyboard.press('Escape');
    await page.locator('form.sheet').waitFor();
    await page.keyboard.press('Shift+Y');
    await page.getByText(/^Taken/).first().waitFor();
    await page.keyboard.press('z');
    await page.getByText('Appraised', { exact: true }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByText('ACV $9,000').waitFor();
    assert.deepEqual(priya.complaints, []);
    await priya.close();
  });
});
