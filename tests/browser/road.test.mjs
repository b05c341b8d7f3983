// Does the whole road work, from the wire to a person's screen and back? The real program, a real browser, no stand-ins.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { atTheStore, DESK, Person, PHONE } from './house.mjs';
import { screens } from './screens.mjs';

// What the store promises: from the lead's arrival to the card on a screen.
const CARD_MS = 1_000;
// Ten seconds are a hiccup that nobody is told of; the strip comes after them.
const STRIP_MS = 20_000;
// A line that says nothing any more is given up after half a minute, and then come the ten seconds.
const SILENT_STRIP_MS = 45_000;
const WREN = { id: 'road-1', first: 'Wren', last: 'Okafor', phone: '907-555-0173', email: 'wren.okafor@example.com', visitor: 'road-browser-1' };
const NAME = 'Wren Okafor';

let house;
let browser;
let priya;

atTheStore(async (store) => {
  ({ house, browser } = store);
  priya = await store.signedIn('Priya Nair');
});

const row = (person, name) => person.page.locator('.it', { hasText: name });

/** A card that came while the screen was open: announced above the list, or offered when it is this person's to answer. */
const arrival = (person) => person.page.locator('.newp, .offer').first();

async function showNew(person) {
  await arrival(person).waitFor({ timeout: 10_000 });
  await person.page.keyboard.press('n');
}

describe('from the wire to a card', () => {
  test('a lead from the website is on the screen within a second of its arrival', async (t) => {
    await priya.goto('/now?scope=store', '.it');
    await house.sendLook(WREN.visitor);
    const began = performance.now();
    await house.sendLead(WREN);
    const answered = performance.now();
    await arrival(priya).waitFor({ timeout: 10_000 });
    const shown = performance.now();
    t.diagnostic(`on disk and answered after ${Math.round(answered - began)} ms, on the screen after ${Math.round(shown - began)} ms`);
    assert.ok(shown - began < CARD_MS, `the card took ${Math.round(shown - began)} ms`);
  });

  test('the new card waits until it is asked for, then says who, why and about which car', async () => {
    assert.equal(await row(priya, NAME).count(), 0, 'nothing moved under the pointer');
    await priya.page.keyboard.press('n');
    await row(priya, NAME).click();
    await priya.page.locator('.comp').waitFor();
    const headline = await priya.page.locator('#alert-headline').innerText();
    assert.match(headline, /^Wren asked about the 2022 CR\u2011V/, 'the model name does not break at its hyphen');
    const faces = await priya.faces('#alert-headline');
    assert.deepEqual([...new Set(faces)], ['ours'], 'and the hyphen is drawn in the same face as the rest');
  });

  test('the draft shows the model whole and is copied with the plain hyphen', async () => {
    const field = priya.page.getByLabel('Message to Wren');
    assert.match(await field.inputValue(), /CR\u2011V/);
    const copied = priya.page.evaluate(
      () =>
        new Promise((heard) => {
          // The window hears after the document, whose listener has put the plain text in by then.
          addEventListener('copy', (event) => heard(event.clipboardData.getData('text/plain')), { once: true });
        }),
    );
    await field.focus();
    await priya.page.keyboard.press('Control+a');
    await priya.page.keyboard.press('Control+c');
    assert.match(await copied, /CR-V/);
    await priya.page.keyboard.press('Escape');
  });

  test('M claims it, and the store knows', async () => {
    await priya.page.keyboard.press('m');
    await priya.toast(`${NAME} is yours`).waitFor();
    const card = await priya.cardOf(NAME, (found) => found.state === 'claimed');
    assert.equal(card.owner.name, 'Priya Nair');
  });

  test('Z takes the claim back, here and in the store', async () => {
    await priya.page.keyboard.press('z');
    await priya.toast('Taken back').waitFor();
    const card = await priya.cardOf(NAME, (found) => found.state === 'open');
    assert.equal(card.state, 'open');
  });

  test('the story tells of the lead and of what the browser looked at before it', async () => {
    await row(priya, NAME).click();
    await priya.page.keyboard.press('Enter');
    await priya.page.getByRole('heading', { level: 1, name: NAME }).waitFor();
    const story = priya.page.locator('[data-record]');
    await story.first().waitFor();
    const told = (await story.allInnerTexts()).join('\n');
    assert.match(told, /Looked at 2022 (Honda )?CR\u2011V/);
    assert.match(told, /Is it still there\?|asked about|Asked about/i);
  });

  test('a reason on the card leads to the line of the story it rests on, and marks it', async () => {
    const { id } = await priya.cardOf(NAME);
    await priya.goto(`/now/${id}?scope=store`, '.ev a');
    await priya.page.locator('.ev a', { hasText: /^Looked at/ }).click();
    await priya.page.getByRole('heading', { level: 1, name: NAME }).waitFor();
    const marked = priya.page.locator('[data-record].isLit');
    await marked.waitFor();
    assert.match(await marked.innerText(), /Looked at 2022 (Honda )?CR\u2011V/);
    await priya.page.locator('[data-record].isLit:focus').waitFor({ timeout: 2_000 });
  });

  test('a reload keeps the session and the place', async () => {
    const address = priya.page.url();
    await priya.page.reload();
    await priya.page.getByRole('heading', { level: 1, name: NAME }).waitFor();
    assert.equal(priya.page.url(), address);
  });

  test('the last four digits of the phone find the customer through Ctrl K', async () => {
    await priya.goto('/inventory', '.line');
    await priya.page.keyboard.press('Control+k');
    await priya.page.keyboard.type('0173');
    await priya.page.getByRole('option', { name: NAME }).waitFor();
    await priya.page.getByRole('option', { name: NAME }).click();
    await priya.page.getByRole('heading', { level: 1, name: NAME }).waitFor();
  });
});

describe('several people', () => {
  test('when two claim the same card at once, one has it and the other is told who', async () => {
    const jo = await (await Person.at(browser, house, { name: 'Jo Lindqvist' })).signIn();
    const card = await priya.cardOf(NAME);
    for (const person of [priya, jo]) {
      await person.goto(`/now/${card.id}?scope=store`, '.comp');
      await person.page.locator('.it[aria-current=true]', { hasText: NAME }).waitFor();
    }
    await Promise.all([priya.page.keyboard.press('m'), jo.page.keyboard.press('m')]);
    const refused = (person) => person.toast(/^(Priya N\.|Jo L\.) took it/);
    await Promise.any([refused(priya).waitFor({ timeout: 5_000 }), refused(jo).waitFor({ timeout: 5_000 })]);
    const told = await Promise.all([priya, jo].map((person) => refused(person).count()));
    assert.deepEqual(told.toSorted(), [0, 1], 'exactly one of them is refused');
    const { owner } = await priya.cardOf(NAME);
    assert.equal(owner.name, told[0] === 1 ? 'Jo Lindqvist' : 'Priya Nair', 'the one who was not told has it');
    assert.deepEqual(jo.complaints, []);
    await jo.close();
  });

  test('a card that a colleague finishes is marked on this screen without a reload', async () => {
    const sam = await (await Person.at(browser, house, { name: 'Sam Rourke' })).signIn();
    await house.sendLead({ ...WREN, id: 'road-2', first: 'Ines', last: 'Marlow', phone: '907-555-0181', email: 'ines.marlow@example.com' });
    const { id } = await sam.cardOf('Ines Marlow');
    await sam.goto('/now?scope=store', '.it');
    await priya.goto('/now?scope=store', '.it');
    for (const person of [sam, priya]) await row(person, 'Ines Marlow').waitFor();
    const { status } = await sam.send('POST', `/api/alerts/${id}/done`, { outcome: 'called' });
    assert.equal(status, 200);
    await row(priya, 'Ines Marlow').getByText('Done by Sam R.').waitFor({ timeout: 5_000 });
    await sam.close();
  });
});

describe('who else is looking', () => {
  test('two people on one customer are told of each other, live, until one goes on', async () => {
    const { customer } = await priya.cardOf(NAME);
    const jo = await (await Person.at(browser, house, { name: 'Jo Lindqvist' })).signIn();
    const told = (person, words) => person.page.getByRole('status').getByText(words);
    await priya.goto(`/customers/${customer.id}`, '[data-record]');
    await jo.goto(`/customers/${customer.id}`, '[data-record]');
    await told(priya, 'Jo is reading this too').waitFor({ timeout: 5_000 });
    await told(jo, 'Priya is reading this too').waitFor({ timeout: 5_000 });
    await jo.goto('/now', 'main h1');
    await told(priya, 'Jo is reading this too').waitFor({ state: 'detached', timeout: 5_000 });
    assert.deepEqual(jo.complaints, []);
    await jo.close();
  });
});

describe('every screen', () => {
  for (const [device, size] of Object.entries({ '1440x900': DESK, '390x844': PHONE })) {
    for (const theme of ['light', 'dark']) {
      test(`passes axe at ${device} in ${theme}, within the content security policy and without a complaint`, async () => {
        const person = await Person.at(browser, house, { size, theme });
        await person.goto('/', 'form');
        assert.deepEqual(await person.axe(), [], 'sign in');
        await person.signIn();
        for (const screen of await screens(person)) {
          await screen.open();
          assert.equal(await person.page.evaluate(() => document.documentElement.dataset.theme), theme);
          assert.deepEqual(await person.axe(), [], screen.name);
          assert.equal(await person.isTooWide(), false, `${screen.name} is no wider than its device`);
        }
        assert.deepEqual(person.complaints, []);
        await person.close();
      });
    }
  }
});

describe('the store computer goes away', () => {
  test('the strip says that this is old news, and goes when the store is back and the page has caught up', async (t) => {
    await priya.goto('/now?scope=store', '.it');
    const shown = await priya.page.locator('.it').count();
    const strip = priya.page.getByText("Can't reach the store computer.");
    await house.stop();
    await strip.waitFor({ timeout: STRIP_MS });
    assert.match(await strip.innerText(), /Showing \d+:\d\d/);
    assert.equal(await priya.page.locator('.it').count(), shown, 'the list stays to be read');
    await house.start();
    const began = performance.now();
    await strip.waitFor({ state: 'detached', timeout: 60_000 });
    t.diagnostic(`live again after ${Math.round(performance.now() - began)} ms`);
    await house.sendLead({ ...WREN, id: 'road-3', first: 'Odell', last: 'Tran', phone: '907-555-0182', email: 'odell.tran@example.com' });
    await showNew(priya);
    await row(priya, 'Odell Tran').waitFor();
  });

  test('a store computer that falls silent without hanging up is noticed as well', async (t) => {
    const strip = priya.page.getByText("Can't reach the store computer.");
    await strip.waitFor({ state: 'detached' });
    house.freeze();
    const began = performance.now();
    try {
      await strip.waitFor({ timeout: SILENT_STRIP_MS });
      t.diagnostic(`noticed after ${Math.round(performance.now() - began)} ms`);
    } finally {
      house.thaw();
    }
    await strip.waitFor({ state: 'detached', timeout: 60_000 });
  });

  test('through all of this the page met no error and broke no policy', () => {
    assert.deepEqual(priya.complaints, []);
  });
});
