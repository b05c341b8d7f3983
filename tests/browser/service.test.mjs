// Does a customer who checks in for service become a card on a sales person's screen within a second, with one key of the advisor?
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { atTheStore, eventually, Person, PHONE } from './house.mjs';

// What the store promises: from the key to the sales screen.
const CARD_MS = 1_000;
const TABLET = { width: 1024, height: 768 };
const OPEN_MS = 20_000;

let house;
let browser;
let lena;
let jo;

atTheStore(async (store) => {
  ({ house, browser } = store);
  lena = await store.signedIn('Lena Ortiz');
  jo = await store.signedIn('Jo Lindqvist');
});

const current = (person) => person.page.locator('.sc[aria-current="true"]');
const lane = (person, label) => person.page.getByRole('region', { name: label, exact: true });
const pane = (person) => person.page.locator('.side, [role=dialog]').last();
const board = (person) => person.api('/api/service?day=today');

/** Somebody who is due today, or is booked for it, whom a talk is worth. */
async function somebodyDue() {
  const { cards } = await board(lena);
  const due = cards.filter((card) => card.lane === 'due_in');
  return due.find((card) => card.talk.is_worth_it) ?? due[0];
}

describe('the service drive', () => {
  test('a customer checks in, the advisor reads the card and brings sales over, and the sales screen shows it within a second', async (t) => {
    await jo.send('PUT', '/api/me/availability', { available: true });
    await jo.goto('/now', '.it, .empty');
    await lena.press('g', 's');
    await lena.page.locator('.sc').first().waitFor();
    const due = await somebodyDue();
    assert.ok(due, 'somebody is due today');

    // Found by the last digits of their phone, checked in by keyboard alone.
    const detail = await lena.api(`/api/service/bookings/${due.appointment}`);
    await lena.press('i');
    const box = lena.page.getByRole('dialog', { name: 'Check in' });
    await box.getByRole('combobox').waitFor();
    await lena.page.keyboard.type(detail.phone.replace(/\D/g, '').slice(-10));
    await box.getByRole('option', { name: new RegExp(due.customer.name) }).waitFor();
    await lena.press('Enter');
    await box.getByText('Here now').waitFor();
    await box.getByRole('button', { name: 'Check in', exact: true }).click();
    await lena.toast(`${due.customer.name} is in the lane`).waitFor();
    await box.waitFor({ state: 'detached' });

    // The card before the advisor: whose it is, where, and the equity of the car.
    const card = current(lena);
    await card.getByText(due.customer.name).waitFor();
    await card.getByText('here').waitFor();
    const left = pane(lena).getByText(/Left of the car|Not known/).first();
    await left.waitFor();
    await pane(lena).getByRole('button', { name: /^Bring .* over/ }).waitFor();

    const { would_come } = await lena.api(`/api/service/visits/${(await board(lena)).cards.find((c) => c.appointment === due.appointment).visit}`);
    const asked = would_come.name === 'Jo Lindqvist' ? jo : await (await Person.at(browser, house, { name: would_come.name })).signIn();
    await asked.goto('/now', '.it, .empty');
    const begun = Date.now();
    await lena.press('a');
    const offer = asked.page.locator('.offer', { hasText: due.customer.name });
    await offer.getByText('Asked for in the service lane').waitFor({ timeout: OPEN_MS });
    const took = Date.now() - begun;
    t.diagnostic(`from A to the sales screen: ${took} ms`);
    assert.ok(took < CARD_MS, `${took} ms`);
    await lena.toast('was asked to come').waitFor();

    // The sales person takes it, and the advisor sees that.
    await offer.getByRole('button', { name: 'Take it' }).click();
    await current(lena).getByText('is coming').waitFor({ timeout: CARD_MS * 5 });
    await asked.page.locator('.it', { hasText: due.customer.name }).first().click();
    await asked.page.getByText(/asked for you/).first().waitFor({ timeout: OPEN_MS });
    if (asked !== jo) await asked.close();
  }, { timeout: 90_000 });

  test('the odometer is read at check-in, and a number that can hardly be is asked for once more', async () => {
    await lena.goto('/service', '.sc');
    const { cards } = await board(lena);
    const due = cards.find((card) => card.lane === 'due_in' && (card.vehicle?.miles ?? 0) > 5_000);
    await lena.page.locator(`[data-card="b${due.appointment}"] button`).click();
    await pane(lena).getByRole('button', { name: `Check in ${due.customer.name}` }).click();
    const box = lena.page.getByRole('dialog', { name: 'Check in' });
    await box.locator('input[name=odometer]:focus').waitFor();
    await lena.page.keyboard.type('1,200');
    await lena.press('Enter');
    await box.getByText(/1,200 mi is less than the .* mi .*\. Look once more/).waitFor();
    assert.equal((await board(lena)).cards.find((card) => card.appointment === due.appointment).visit, null, 'nobody is checked in meanwhile');
    await box.getByLabel('Odometer').fill(`${due.vehicle.miles + 150}`);
    assert.equal(await box.getByText(/Look once more/).count(), 0, 'another number is another question');
    await lena.press('Enter');
    await lena.toast(`${due.customer.name} is in the lane`).waitFor();
    await pane(lena).getByText(`${(due.vehicle.miles + 150).toLocaleString('en-US')}\u00A0mi at check-in.`).waitFor();
    const here = (await board(lena)).cards.find((card) => card.appointment === due.appointment);
    assert.deepEqual([here.odometer_mi, here.vehicle.miles], [due.vehicle.miles + 150, due.vehicle.miles + 150]);

    await pane(lena).getByRole('button', { name: 'Correct' }).click();
    const slip = lena.page.getByRole('dialog', { name: 'What the odometer shows' });
    await slip.locator('input[name=odometer]:focus').waitFor();
    // The card changes beneath the box: the hands stay where they are.
    assert.equal((await lena.send('PUT', `/api/service/visits/${here.visit}/quote`, { quote_cents: 12_300 })).status, 200);
    await eventually(async () => (await board(lena)).cards.find((card) => card.visit === here.visit).quote_cents === 12_300, 'the quote');
    await lena.page.waitForTimeout(1_000);
    await slip.locator('input[name=odometer]:focus').waitFor();
    await slip.getByLabel('Odometer').fill(`${due.vehicle.miles + 200}`);
    await lena.press('Enter');
    const mended = `${(due.vehicle.miles + 200).toLocaleString('en-US')}\u00A0mi`;
    await pane(lena).getByText(`${mended} at check-in.`).waitFor();
    await lena.toast(`${due.customer.name}: ${mended}`).waitFor();
    await lena.press('z');
    await pane(lena).getByText(`${(due.vehicle.miles + 150).toLocaleString('en-US')}\u00A0mi at check-in.`).waitFor();
    await lena.toast('Taken back.').waitFor();
    await lena.press('z');
    await lane(lena, 'Due in').getByText(due.customer.name).waitFor();
  }, { timeout: 60_000 });

  test('the cars stand below each other as well, for the keyboard too, and the device remembers it', async () => {
    await lena.goto('/service', '.sc');
    await lena.press('v');
    const list = lena.page.getByRole('region', { name: 'Cars of the day' });
    await list.waitFor();
    const { cards } = await board(lena);
    assert.equal(await list.locator('.ln').count(), cards.filter((card) => card.lane !== 'gone').length);
    assert.deepEqual(await lena.axe(), []);
    await lena.page.locator('.ln').first().getByRole('button').click();
    const names = await list.locator('.ln button').allInnerTexts();
    for (let row = 1; row < names.length; row++) {
      await lena.press('j');
      await list.locator('.ln[aria-current=true]').getByText(names[row], { exact: true }).waitFor();
    }
    await lena.goto('/service', '.ln');
    await lena.press('v');
    await lena.page.locator('.sc').first().waitFor();
  }, { timeout: 60_000 });

  test('the next visit is booked from a car that is ready, and taken back', async () => {
    await lena.goto('/service', '.sc');
    const { cards } = await board(lena);
    const ready = cards.find((card) => card.lane === 'ready' && card.next_ms === null);
    await lena.page.locator(`[data-card="v${ready.visit}"] button`).click();
    await pane(lena).getByRole('button', { name: 'Book next visit' }).waitFor();
    await lena.press('b');
    const box = lena.page.getByRole('dialog', { name: 'Book a visit' });
    await box.getByText(ready.customer.name).waitFor();
    await box.getByRole('button', { name: 'Book', exact: true }).click();
    await lena.toast(`${ready.customer.name} is booked`).waitFor();
    await lena.page.locator(`[data-card="v${ready.visit}"]`).getByText(/^Booked /).waitFor();
    await lena.press('z');
    await lena.page.locator(`[data-card="v${ready.visit}"]`).getByText('Next visit: not booked').waitFor();
  }, { timeout: 60_000 });

  test('a car goes on and back by the arrows, and every step can be undone', async () => {
    await lena.goto('/service', '.sc');
    const name = await current(lena).locator('button').first().innerText();
    await lena.press('Shift+ArrowRight');
    await lane(lena, 'In bay').getByText(name).waitFor();
    await lena.toast('is in a bay').waitFor();
    await lena.press('z');
    await lane(lena, 'In lane').getByText(name).waitFor();
    await lena.press('ArrowRight');
    await lane(lena, 'In bay').locator('[aria-current="true"]').waitFor();
    await lena.press('j', 'k', 'ArrowLeft');
    await lane(lena, 'In lane').locator('[aria-current="true"]').waitFor();
  }, { timeout: 60_000 });

  test('whoever says not today is left in peace, until that is taken back', async () => {
    await lena.goto('/service', '.sc');
    const { cards } = await board(lena);
    const open = cards.find((card) => card.lane === 'in_bay' && !card.talk.stopped && !card.asked);
    await lena.page.locator(`[data-card="v${open.visit}"] button`).click();
    await pane(lena).getByRole('button', { name: 'Not today' }).waitFor();
    await lena.press('h');
    await lena.toast('is left in peace for half a year').waitFor();
    await pane(lena).getByText('Said not today').waitFor();
    assert.equal((await lena.api(`/api/service/visits/${open.visit}`)).refused.how, 'not_today');
    await lena.press('z');
    await pane(lena).getByRole('button', { name: 'Not today' }).waitFor();
    assert.equal((await lena.api(`/api/service/visits/${open.visit}`)).refused, null);
  }, { timeout: 60_000 });

  test('amounts are gone from the screen while the customer can see it, also after a reload', async () => {
    await lena.goto('/service', '.sc');
    await lena.page.locator('.eqm').first().waitFor();
    await lena.press('Shift+H');
    await lena.page.getByRole('button', { name: 'Show amounts' }).waitFor();
    const hidden = async () => !(await lena.page.locator('.service').innerText()).includes('$') && (await lena.page.locator('.service .bar').count()) === 0;
    assert.ok(await hidden());
    await lena.goto('/service', '.sc');
    await pane(lena).getByText('Amounts are hidden').waitFor();
    assert.ok(await hidden());
    await lena.press('Shift+H');
    await lena.page.locator('.service .bar').first().waitFor();
  }, { timeout: 60_000 });

  test('a tablet and a phone have the lane too, with targets for a thumb, and nothing that a reader would miss', async () => {
    for (const [size, theme] of [[TABLET, 'light'], [TABLET, 'dark'], [PHONE, 'light'], [PHONE, 'dark']]) {
      const person = await (await Person.at(browser, house, { name: 'Doug Farnham', size, theme })).signIn();
      await person.goto('/service', '.sc');
      await person.page.locator('.sc[aria-current="true"]').first().waitFor();
      assert.deepEqual(await person.axe(), [], `${size.width} ${theme}`);
      const wide = await person.page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.ok(wide <= 0, `${size.width}: ${wide} px too wide`);
      if (size === PHONE) {
        await person.page.getByRole('button', { name: /^In bay/ }).click();
        await person.page.locator('.sc').first().locator('button').click();
        await person.page.getByRole('button', { name: 'See brief' }).click();
        await person.page.getByRole('dialog').getByRole('link', { name: 'Open story' }).waitFor();
        for (const target of await person.page.getByRole('dialog').getByRole('button').all()) {
          const held = await target.boundingBox();
          assert.ok(held.height >= 44, `${await target.innerText()}: ${held.height} px`);
        }
      }
      assert.deepEqual(person.complaints, []);
      await person.close();
    }
    assert.deepEqual([...lena.complaints, ...jo.complaints], []);
  }, { timeout: 120_000 });
});
