// Does a shopper's interest reach the one person who can act, and does a lead that nobody touches climb by itself and get an answer?
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { atTheStore, eventually, Person } from './house.mjs';

// From the fourth look to the card, and from one person's screen to the other's.
const CARD_MS = 1_000;
// A minute of the ladder, and what a slow machine adds.
const CLIMB_MS = 90_000;
const SHOPPER = { id: 'heart-1', first: 'Dana', last: 'Quimby', phone: '907-555-0161', email: 'dana.quimby@example.com', visitor: 'heart-browser-1' };
const URGENT = { id: 'heart-2', first: 'Otis', last: 'Fairweather', phone: '907-555-0162', email: 'otis.fairweather@example.com' };
const HEARD = { id: 'heart-4', first: 'Ines', last: 'Sandoval', phone: '907-555-0164', email: 'ines.sandoval@example.com' };
const LONELY = { id: 'heart-3', first: 'Vera', last: 'Lonergan', phone: '907-555-0163', email: 'vera.lonergan@example.com' };

let house;
let browser;
let priya;
let jo;
let sam;

atTheStore(async (store) => {
  ({ house, browser } = store);
  await house.serveDayAndNight();
  priya = await store.signedIn('Priya Nair');
  jo = await store.signedIn('Jo Lindqvist');
  sam = await store.signedIn('Sam Rourke');
});

describe('what a shopper does', () => {
  test('is a card for the first within a second of the fourth look', async (t) => {
    await Person.areBusy(browser, house, 'Marcus Bell', 'Ana Reyes');
    await jo.setFree(false);
    await priya.setFree(true);
    // After a card was done the same kind of thing waits a day; here it must not.
    const { items } = await sam.api('/api/rules');
    const looks = items.find((rule) => rule.rule === 'back_on_same_car');
    assert.equal((await sam.send('PUT', '/api/rules/back_on_same_car', { ...looks.setting, cool_down_hours: 0 })).status, 200);
    // Known by a lead that was answered, so that only the looks can bring a card.
    await house.sendLead(SHOPPER);
    const lead = await priya.cardOf('Dana Quimby');
    assert.equal(lead.owner.name, 'Priya Nair');
    await priya.send('POST', `/api/alerts/${lead.id}/done`, { outcome: 'called', note: '', message: '' });
    await jo.setFree(true);
    await priya.goto('/now', '.it, .empty');
    for (let look = 0; look < 3; look++) await house.sendLook(SHOPPER.visitor);
    const began = performance.now();
    await house.sendLook(SHOPPER.visitor);
    await priya.page.locator('.offer, .it', { hasText: 'Dana Quimby' }).first().waitFor({ timeout: 10_000 });
    const shown = performance.now();
    t.diagnostic(`on the screen ${Math.round(shown - began)} ms after the look`);
    assert.ok(shown - began < CARD_MS, `the card took ${Math.round(shown - began)} ms`);
    const card = await priya.cardOf('Dana Quimby');
    assert.equal(card.rule, 'back_on_same_car');
  });

  test('goes to the second when the first is in the showroom, who is told why', async () => {
    const opened = await priya.send('POST', '/api/visits', { walk_in: { first: 'Nora', last: 'Quill', phone: '207-555-0189' } });
    assert.equal(opened.status, 200);
    await jo.goto('/now', '.it, .empty');
    await house.sendLead(URGENT);
    await jo.page.locator('.offer, .it', { hasText: 'Otis Fairweather' }).first().waitFor({ timeout: 10_000 });
    const card = await jo.cardOf('Otis Fairweather');
    assert.equal(card.owner.name, 'Jo Lindqvist');
    assert.equal(card.routed_because, 'The only one free');
    await jo.send('POST', `/api/alerts/${card.id}/done`, { outcome: 'talked', note: '', message: '' });
    await priya.send('POST', `/api/visits/${opened.body.id}/end`, { result: { how: 'mistake' } });
  });
});

describe('a lead that is offered', () => {
  test('is counted, heard and noticed on any screen, by whoever wants that of this device', async () => {
    const person = await Person.at(browser, house, { name: 'Priya Nair' });
    await person.context.grantPermissions(['notifications']);
    await person.page.addInitScript(() => {
      globalThis.called = { tones: 0, notices: [] };
      const start = OscillatorNode.prototype.start;
      OscillatorNode.prototype.start = function (...when) {
        if (this.context.state === 'running') globalThis.called.tones += 1;
        return start.apply(this, when);
      };
      const Shown = globalThis.Notification;
      globalThis.Notification = class extends Shown {
        constructor(title, options) {
          super(title, options);
          globalThis.called.notices.push(title);
        }
      };
    });
    await person.signIn();
    await person.page.getByRole('button', { name: /your settings/ }).click();
    for (const name of ['A sound', 'A notice over other windows']) {
      const wanted = person.page.getByRole('switch', { name });
      assert.equal(await wanted.getAttribute('aria-checked'), 'false', 'off until it is wanted');
      await wanted.click();
      await person.page.getByRole('switch', { name, checked: true }).waitFor();
    }
    await person.goto('/customers', '.line');
    // A browser lets a page be heard once somebody did something on it; by then it has read what there was before.
    await person.press('j');
    await person.page.waitForTimeout(1_000);
    await person.page.evaluate(() => Object.defineProperty(document, 'hidden', { get: () => true }));
    const { counts } = await person.api('/api/me');
    await jo.setFree(false);
    await person.setFree(true);
    await house.sendLead(HEARD);
    await eventually(async () => (await person.page.title()).startsWith(`(${counts.mine + 1}) `), 'the count in the title');
    // Whatever the one who is busy now had may be offered too.
    const isOffered = (notice) => /^Offered to you: Ines\sS\.$/.test(notice);
    const read = () => person.page.evaluate(() => globalThis.called);
    const called = await eventually(async () => (await read()).notices.some(isOffered) && read(), 'the notice');
    assert.ok(called.tones > 0, 'the sound');
    await jo.setFree(true);
    const card = await person.cardOf('Ines Sandoval');
    await person.send('POST', `/api/alerts/${card.id}/done`, { outcome: 'called', note: '', message: '' });
    assert.deepEqual(person.complaints, []);
    await person.close();
  });

  test('is taken by Shift M at the very moment it appears, time after time', async () => {
    await jo.setFree(false);
    await priya.setFree(true);
    await priya.goto('/now', '.it, .empty');
    for (const [n, last] of ['Abbott', 'Birch', 'Coyle', 'Drummond', 'Eastman'].entries()) {
      // Pressed within the page: a driver would be later than the quickest hand.
      const pressed = priya.page.evaluate((name) => {
        return new Promise((done) => {
          const watch = new MutationObserver(() => {
            if (!document.querySelector('.offer')?.textContent.includes(name)) return;
            watch.disconnect();
            document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'M', shiftKey: true, bubbles: true, cancelable: true }));
            done();
          });
          watch.observe(document.body, { childList: true, subtree: true, characterData: true });
        });
      }, last);
      await house.sendLead({ id: `heart-offer-${n}`, first: 'Ada', last, phone: `907-555-017${n}`, email: `ada.${last.toLowerCase()}@example.com` });
      await pressed;
      const card = await priya.cardOf(last, (taken) => taken.state === 'claimed');
      assert.equal(card.owner.name, 'Priya Nair');
      await priya.page.locator(`[data-alert="${card.id}"][aria-current=true]`).waitFor();
      await priya.page.locator('.offer').waitFor({ state: 'detached' });
      await priya.send('POST', `/api/alerts/${card.id}/done`, { outcome: 'called', note: '', message: '' });
    }
    await jo.setFree(true);
    assert.deepEqual(priya.complaints, []);
  });
});

describe('a lead that nobody touches', () => {
  test('climbs its ladder, and is answered by the store in the meantime', async (t) => {
    const ladder = { source: '', first: 'turn', minutes: 1, rungs: [{ to: 'rep', minutes: 1 }, { to: 'manager', minutes: 5 }], skill: '' };
    assert.equal((await sam.send('PUT', '/api/ladders', ladder)).status, 200);
    await jo.setFree(true);
    await priya.setFree(true);
    const began = performance.now();
    await house.sendLead(LONELY);
    const first = await sam.cardOf('Vera Lonergan');
    assert.ok(['Priya Nair', 'Jo Lindqvist'].includes(first.owner.name), first.owner.name);
    assert.equal((await sam.api(`/api/alerts/${first.id}`)).answered, null, 'a person is asked first');
    const second = await sam.cardOf('Vera Lonergan', (card) => card.owner.name !== first.owner.name, CLIMB_MS);
    assert.match(second.routed_because, /did not answer in time$/);
    const { answered } = await sam.api(`/api/alerts/${first.id}`);
    assert.match(answered.text, /Dana|Vera/);
    const last = await sam.cardOf('Vera Lonergan', (card) => !['Priya Nair', 'Jo Lindqvist'].includes(card.owner.name), CLIMB_MS);
    t.diagnostic(`from ${first.owner.name} by ${second.owner.name} to ${last.owner.name} in ${Math.round((performance.now() - began) / 1_000)} s`);
    // Whoever answers at last takes the store's own answer back.
    await sam.send('POST', `/api/alerts/${first.id}/done`, { outcome: 'called', note: '', message: '' });
    assert.equal((await sam.api(`/api/alerts/${first.id}`)).answered, null);
  });

  test('met no error on any screen', () => {
    for (const person of [priya, jo, sam]) assert.deepEqual(person.complaints, []);
  });
});
