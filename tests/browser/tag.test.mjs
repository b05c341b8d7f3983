// Does the site tag tell the store what a shopper does, and leave the dealer's page alone? A plain page of another host, a real browser,
// the real program's public side.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { beforeEach, describe, test } from 'node:test';
import { atTheStore, eventually, Person } from './house.mjs';

const CAR = '2HKRW2H8XNH614882';
const TOKEN = /^[\w-]{32}$/;
const LOOK = { event: 'asc_item_pageview', page_type: 'item', items: [{ item_id: CAR, item_number: '24117', item_price: 27650 }] };
const LAYER = `window.asc_datalayer = { page_type: 'item', items: [{ item_id: '${CAR}', item_number: '24117' }], events: [{ event: 'asc_item_pageview' }] };`;

let house;
let browser;
let site;
let store;
let page;
let context;

atTheStore(async (opened) => {
  ({ house, browser } = opened);
  site = opened.keep(await new Site().open());
  store = opened.keep(await new Between().open());
});

beforeEach(async () => {
  await context?.close();
  context = await browser.newContext();
  page = await context.newPage();
  page.complaints = [];
  page.on('pageerror', (error) => page.complaints.push(error.message));
  store.reset();
});

/** The dealer's website: whatever page a test asks for. */
class Site {
  pages = new Map();

  async open() {
    this.server = createServer((request, response) => {
      const { pathname } = new URL(request.url, 'http://site');
      const { body, headers } = this.pages.get(pathname) ?? { body: '', headers: {} };
      response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8', ...headers }).end(body);
    });
    this.url = await listening(this.server);
    return this;
  }

  /** A page with the tag as a dealer pastes it; `before` and `after` are scripts of the page's own. */
  put(path, { before = '', after = '', html = '', headers = {}, tag = store.tag() } = {}) {
    const body = `<!doctype html><title>Used cars</title><h1>2022 Honda CR-V</h1><script>${before}</script>${tag}<script>${after}</script>${html}`;
    this.pages.set(path, { body, headers });
  }

  close() {
    return closed(this.server);
  }
}

/** Between the site and the store's public side: passes everything on, and keeps what was sent to be looked at. */
class Between {
  async open() {
    this.server = createServer((request, response) => void this.#pass(request, response));
    this.url = await listening(this.server);
    this.reset();
    return this;
  }

  reset() {
    this.bodies = [];
    this.isDead = false;
  }

  tag() {
    return `<script async src="${this.url}/tag.js" data-key="${house.at.key}"></script>`;
  }

  async #pass(request, response) {
    const pieces = [];
    for await (const piece of request) pieces.push(piece);
    const body = Buffer.concat(pieces);
    const isCollect = request.url.startsWith('/collect');
    if (this.isDead && isCollect) return void request.socket.destroy();
    const answer = await fetch(`http://${house.at.public}${request.url}`, { method: request.method, body: body.length ? body : undefined });
    if (isCollect) this.bodies.push({ ...JSON.parse(body), status: answer.status, type: request.headers['content-type'] });
    const headers = Object.fromEntries([...answer.headers].filter(([name]) => !/^(content-encoding|content-length|transfer-encoding|connection)$/.test(name)));
    return void response.writeHead(answer.status, headers).end(Buffer.from(await answer.arrayBuffer()));
  }

  /** Each once: what a page says as it goes, the next says again, and the store counts it once. */
  get events() {
    const all = this.bodies.flatMap((body) => body.events);
    return all.filter((event, at) => all.findIndex((other) => other.name === event.name && other.timestamp_micros === event.timestamp_micros) === at);
  }

  names() {
    return this.events.map((event) => event.name);
  }

  close() {
    return closed(this.server);
  }
}

async function listening(server) {
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  return `http://127.0.0.1:${server.address().port}`;
}

function closed(server) {
  server.closeAllConnections();
  return new Promise((done) => server.close(done));
}

const quiet = (ms) => new Promise((wake) => setTimeout(wake, ms));

async function open(path, options) {
  site.put(path.split('?')[0], options);
  await page.goto(site.url + path);
}

/** The address with a customer's mark, as a salesperson's screen asks for it. */
const linkFor = async (person, customer, address) => (await person.send('POST', `/api/customers/${customer}/links`, { address })).body.address;

describe('what the page says of itself', () => {
  test('the layer that was there before, pushes after, and gtag calls are told once each, with their car', async () => {
    await open('/used/24117', {
      before: `${LAYER} window.dataLayer = [{ event: 'gtm.js' }]; function gtag() { dataLayer.push(arguments); }`,
      after: `setTimeout(() => {
        gtag('event', 'view_item', { items: [{ item_id: '${CAR}' }] });
        gtag('event', 'dl_asc_media_interaction', { media_type: 'photo', item_id: '${CAR}', user_email: 'dana@example.com' });
        asc_datalayer.events.push({ event: 'asc_element_configuration', element_type: 'calculator', element_text: 'dana@example.com' });
      }, 300)`,
    });
    await eventually(() => store.events.length >= 3, 'three events');
    await quiet(1_500);
    assert.deepEqual(store.names(), ['asc_item_pageview', 'dl_asc_media_interaction', 'asc_element_configuration'], "GA4's view_item is an echo");
    assert.deepEqual(store.events.map((event) => event.params.item_id), [CAR, CAR, CAR]);
    assert.ok(!JSON.stringify(store.bodies).includes('dana'), 'nothing that names a person');
    assert.deepEqual(store.bodies.map((body) => [body.status, body.type]), store.bodies.map(() => [202, 'text/plain;charset=UTF-8']));
    assert.deepEqual(page.complaints, []);
  });

  test('a push that somebody else put in front is still called, and everybody gets what they had', async () => {
    await open('/used/24117', {
      before: `window.dataLayer = []; window.theirs = []; const push = dataLayer.push;
        dataLayer.push = function () { theirs.push(...arguments); return push.apply(this, arguments); };`,
      after: `setTimeout(() => {
        const mine = dataLayer.push; window.outer = 0;
        dataLayer.push = function () { outer++; return mine.apply(this, arguments); };
        window.gave = dataLayer.push(${JSON.stringify(LOOK)}, { event: 'other' });
      }, 400)`,
    });
    await eventually(() => store.events.length >= 1, 'the look');
    const seen = await page.evaluate(() => ({ theirs: window.theirs.length, outer: window.outer, gave: window.gave, length: window.dataLayer.length }));
    assert.deepEqual(seen, { theirs: 2, outer: 1, gave: 2, length: 2 });
    assert.deepEqual(store.names(), ['asc_item_pageview']);
  });

  test('four looks at one car by somebody we sent a link put the card of it on the screen of a salesperson', async () => {
    const priya = await (await Person.at(browser, house)).signIn();
    const [customer] = (await priya.api('/api/customers?card=none&sort=quiet&limit=1')).items;
    const address = await linkFor(priya, customer.id, `${site.url}/used/24117`);
    await priya.goto('/now?scope=store', '.it');
    await open(address.slice(site.url.length), { before: LAYER });
    for (let looks = 1; looks <= 4; looks++) {
      await eventually(() => store.events.length === looks, `look ${looks}`);
      if (looks < 4) await page.reload();
    }
    const cards = async () => (await priya.openCards()).filter((card) => card.customer.id === customer.id);
    await eventually(async () => (await cards()).length === 1, 'the card');
    const [card] = await cards();
    assert.equal(card.rule, 'back_on_same_car');
    await priya.page.locator('.newp, .offer').first().waitFor({ timeout: 10_000 });
    await priya.goto(`/now/${card.id}?scope=store`, '.comp');
    assert.match(await priya.page.locator('#alert-headline').innerText(), /is back on the 2022 CR\u2011V/);
    assert.deepEqual(priya.complaints, []);
    await priya.close();
  });

  test('a page that speaks of no car, but describes one or has its number in the address, is a look at it', async () => {
    const described = { '@context': 'https://schema.org', '@graph': [{ '@type': ['Car', 'Product'], vehicleIdentificationNumber: CAR, sku: '24117', brand: { name: 'Honda' }, offers: [{ price: '27650' }] }] };
    await open('/some-page', { html: `<script type="application/ld+json">{broken</script><script type="application/ld+json">${JSON.stringify(described)}</script>` });
    await eventually(() => store.events.length === 1, 'json-ld');
    assert.deepEqual([store.names()[0], store.events[0].params.item_id, store.events[0].params.item_number], ['asc_item_pageview', CAR, '24117']);
    await open('/micro', { html: `<div itemscope itemtype="https://schema.org/Vehicle"><meta itemprop="vehicleIdentificationNumber" content="${CAR}"><span itemprop="sku">24117</span></div>` });
    await eventually(() => store.events.length === 2, 'microdata');
    assert.deepEqual([store.events[1].params.item_id, store.events[1].params.item_number], [CAR, '24117']);
    await open('/inventory/2003-honda-accord-1hgcm82633a004352', {});
    await eventually(() => store.events.length === 3, 'a VIN in the address');
    assert.equal(store.events[2].params.item_id, '1HGCM82633A004352');
    await open('/inventory/1HGCM82633A123456', {});
    await open('/about/hours-and-directions', {});
    await eventually(() => store.events.length === 5, 'no car');
    assert.deepEqual(store.events.slice(3).map((event) => [event.name, event.params.page_type, event.params.item_id]), [
      ['asc_itemlist_pageview', 'itemlist', undefined],
      ['asc_pageview', 'hours-directions', undefined],
    ], 'a wrong check digit is no VIN');
  });

  test('a telephone tapped and a form begun and sent are told as facts, never what was typed', async () => {
    const form = `<a id="call" href="tel:+19075550100">Call us</a>
      <form name="Check availability" onsubmit="return false"><input name="name"><input type="email" name="email"><input type="hidden" name="hl_submission"><button>Send</button></form>
      <form role="search" onsubmit="return false"><input name="q"><button>Find</button></form>`;
    await open('/ask', { html: form });
    await page.evaluate(() => document.querySelector('#call').addEventListener('click', (event) => event.preventDefault()));
    await page.click('#call');
    await page.fill('[name=q]', 'truck');
    await page.click('text=Find');
    await page.fill('[name=name]', 'Dana Whitfield');
    await page.fill('[name=email]', 'dana@example.com');
    await page.click('text=Send');
    await eventually(() => store.names().includes('asc_form_submission'), 'the form');
    assert.deepEqual(store.names().filter((name) => name !== 'asc_pageview'), ['asc_click_to_call', 'asc_form_engagement', 'asc_form_submission']);
    const sent = store.events.find((event) => event.name === 'asc_form_submission');
    assert.equal(sent.params.form_name, 'Check availability');
    assert.equal(sent.params.submission_id, await page.inputValue('[name=hl_submission]'), 'the lead will carry the same');
    assert.ok(!/dana|whitfield|truck|5550100/i.test(JSON.stringify(store.bodies)));
  });
});

describe('who it is', () => {
  test('one random id a browser, and none of the site tells another', async () => {
    await open('/used/24117', { before: LAYER });
    await eventually(() => store.bodies.length === 1, 'a batch');
    await page.reload();
    await eventually(() => store.bodies.length === 2, 'another');
    const [one, other] = store.bodies.map((body) => body.client_id);
    assert.match(one, /^[0-9a-f]{32}$/);
    assert.equal(one, other);
    assert.deepEqual((await context.cookies()).length, 0);
  });

  test('the mark of a link leaves the address at once and reaches the store once; another hl stays', async () => {
    const priya = await (await Person.at(browser, house)).signIn();
    const [, , customer] = (await priya.api('/api/customers?card=none&sort=quiet&limit=3')).items;
    const address = await linkFor(priya, customer.id, `${site.url}/used/24117?color=white#photos`);
    const path = address.slice(site.url.length);
    assert.match(new URL(address).searchParams.get('hl'), TOKEN);
    await open(path, { before: LAYER });
    await eventually(() => store.events.length === 1, 'the look');
    assert.equal(page.url(), `${site.url}/used/24117?color=white#photos`);
    assert.match(store.events[0].params.hl, TOKEN);
    const story = async () => (await priya.api(`/api/customers/${customer.id}/story`)).items.map((line) => line.title);
    await eventually(async () => (await story()).includes('This browser is theirs: it came by a link we sent'), 'the tie');
    await priya.goto(`/customers/${customer.id}`, '[data-record]');
    await priya.page.getByRole('button', { name: 'Not theirs: this browser' }).first().click();
    await eventually(async () => !(await story()).includes('This browser is theirs: it came by a link we sent'), 'taken back');
    await priya.page.keyboard.press('z');
    await eventually(async () => (await story()).includes('This browser is theirs: it came by a link we sent'), 'theirs again');
    await open('/used/24117?hl=en', { before: LAYER });
    await eventually(() => store.events.length === 2, 'the next look');
    assert.equal(page.url(), `${site.url}/used/24117?hl=en`);
    assert.equal(store.events[1].params.hl, undefined);
    assert.deepEqual(priya.complaints, []);
    await priya.close();
  });

  test('nothing is read, kept or sent of a shopper who asks not to be followed', async () => {
    for (const asks of [{ globalPrivacyControl: true }, { doNotTrack: '1' }]) {
      const private_ = await browser.newContext();
      await private_.addInitScript((said) => {
        for (const [name, value] of Object.entries(said)) Object.defineProperty(Navigator.prototype, name, { get: () => value, configurable: true });
      }, asks);
      page = await private_.newPage();
      await open('/used/24117', { before: `${LAYER} window.dataLayer = [];`, after: 'window.push = Array.prototype.push;' });
      await quiet(2_500);
      const left = await page.evaluate(() => [localStorage.length, sessionStorage.length, document.cookie, window.dataLayer.push === window.push]);
      assert.deepEqual([left, store.bodies], [[0, 0, '', true], []], JSON.stringify(asks));
      await private_.close();
    }
  });
});

describe('whatever goes wrong, the page works', () => {
  test('its own scripts throw, its layers are not what they should be, storage is closed', async () => {
    await context.addInitScript(() => {
      for (const name of ['localStorage', 'sessionStorage']) Object.defineProperty(window, name, { get: () => { throw new DOMException('closed', 'SecurityError'); } });
    });
    await open('/used/24117', {
      before: `window.asc_datalayer = { events: Object.freeze([${JSON.stringify(LOOK)}]), get items() { throw new Error('theirs') } };
        window.dataLayer = { push: 1 }; setTimeout(() => { throw new Error('the page throws') }, 50);`,
      after: `window.ran = true;`,
    });
    await eventually(() => store.events.length > 0, 'something is told all the same');
    assert.equal(await page.evaluate(() => window.ran && window.dataLayer.push), 1);
    assert.deepEqual(page.complaints, ['the page throws']);
  });

  test('a policy that forbids the connection', async () => {
    await open('/used/24117', {
      before: LAYER,
      after: 'window.ran = true;',
      headers: { 'Content-Security-Policy': `script-src 'unsafe-inline' ${store.url}; connect-src 'self'` },
    });
    await quiet(3_000);
    await page.evaluate(() => dispatchEvent(new Event('pagehide')));
    assert.deepEqual([await page.evaluate(() => window.ran), store.bodies, page.complaints], [true, [], []]);
  });

  test('a store that does not answer: what was seen waits in the tab and is told once when it is back', async () => {
    store.isDead = true;
    await open('/used/24117', { before: LAYER });
    await quiet(2_500);
    await open('/used/24118', { before: LAYER.replaceAll('24117', '24118').replaceAll(CAR, '1HGCM82633A004352') });
    await quiet(500);
    assert.deepEqual(store.bodies, []);
    store.isDead = false;
    await eventually(() => store.events.length >= 2, 'both looks');
    assert.deepEqual([...new Set(store.events.map((event) => event.params.item_number))].toSorted(), ['24117', '24118']);
    await eventually(async () => (await page.evaluate(() => sessionStorage.length)) === 0, 'nothing waits any more');
    assert.deepEqual(page.complaints, []);
  });

  test('a store that says no is not asked again', async () => {
    await open('/used/24117', { before: LAYER, tag: store.tag().replace(house.at.key, 'hlk_revoked') });
    await eventually(() => store.bodies.length === 1, 'one try');
    await quiet(3_000);
    assert.deepEqual([store.bodies.map((body) => body.status), await page.evaluate(() => sessionStorage.length)], [[401], 0]);
  });

  test('what happens in the last moment is sent as the page goes', async () => {
    await open('/used/24117', { before: LAYER });
    await page.evaluate(() => window.asc_datalayer.events.push({ event: 'asc_click_to_call' }));
    await page.goto('about:blank');
    await eventually(() => store.names().includes('asc_click_to_call'), 'the last event');
  });
});
