// Is a sale moved, followed up, given up and found again in the void by keyboard alone, and does everybody else see it within a moment?
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { atTheStore, DESK, eventually, Person, PHONE } from './house.mjs';

// What a change may take from one screen to another.
const SEEN_MS = 5_000;
const LEAD = { id: 'pipeline-1', first: 'Ines', last: 'Marlow', phone: '907-555-0181', email: 'ines.marlow@example.com' };
const OTHER = { id: 'pipeline-2', first: 'Otto', last: 'Verner', phone: '907-555-0182', email: 'otto.verner@example.com' };

let house;
let browser;
let sam;
let priya;

atTheStore(async (store) => {
  ({ house, browser } = store);
  sam = await store.signedIn('Sam Rourke');
  priya = await store.signedIn('Priya Nair');
  for (const lead of [LEAD, OTHER]) {
    await house.sendLead(lead);
    const { customer, id } = await sam.cardOf(lead.last);
    lead.customer = customer.id;
    lead.card = id;
    const { status } = await sam.send('POST', '/api/customers/bulk', { ids: [customer.id], edit: { set: 'owner', value: await idOf('Priya Nair') } });
    assert.equal(status, 200);
  }
});

const column = (person, stage) => person.page.locator('.column', { has: person.page.getByRole('heading', { name: new RegExp(`^${stage}`) }) });
const card = (person, stage, name) => column(person, stage).getByRole('article', { name, exact: true });
const link = (person, name) => person.page.getByRole('link', { name, exact: true });
const soon = { timeout: SEEN_MS };

async function idOf(name) {
  const me = await sam.api('/api/me');
  return [me.user, ...me.people].find((person) => person.name === name).id;
}

const pageOf = (lead) => sam.api(`/api/customers/${lead.customer}`);
const saleOf = async (lead) => (await pageOf(lead)).opportunity;

/** A screen shows an act before the store has heard of it: gives the customer's page once the store says so too. */
const agreed = (lead, says) => eventually(async () => {
  const page = await pageOf(lead);
  return says(page) && page;
}, `the store saying so of ${lead.last}: ${says}`);

const finish = async (lead) => priya.send('POST', `/api/alerts/${(await priya.cardOf(lead.last)).id}/done`, { outcome: 'left_message' });
const voidTotal = async (scope) => (await sam.api(`/api/void?scope=${scope}&limit=1`)).total;

describe('the board', () => {
  test('has everybody’s sales for a manager and one’s own for a rep, with the numbers of the store', async () => {
    await sam.goto('/pipeline', '[data-sale]');
    await priya.goto('/pipeline', '[data-sale]');
    const [all, mine] = [await sam.api('/api/pipeline'), await priya.api('/api/pipeline?scope=mine')];
    const under = (board) => board.columns.reduce((sum, each) => sum + each.total, 0);
    assert.ok(under(all) > under(mine) && under(mine) > 0);
    await sam.page.getByText(`${under(all)} sales under way`).waitFor();
    await priya.page.getByText(`${under(mine)} sales under way`).waitFor();
    await sam.page.getByRole('link', { name: new RegExp(`^${all.in_void} in the void`) }).waitFor();
    for (const each of all.columns) await sam.page.getByRole('heading', { name: new RegExp(`^\\w+ ${each.total}$`) }).first().waitFor();
  });

  test('moves a card by a digit with a reason, on both screens, and Z moves it back', async () => {
    await card(priya, 'New', 'Ines Marlow').waitFor();
    await link(priya, 'Ines Marlow').focus();
    await priya.press('5');
    await priya.page.getByRole('dialog', { name: 'Move Ines Marlow to Visit' }).waitFor();
    await priya.press('Enter');
    await priya.page.getByText('Say why: the facts put it elsewhere.').waitFor();
    await priya.page.keyboard.type('Came by on Sunday, we were closed.');
    await priya.press('Enter');
    await priya.toast('Ines Marlow moved to Visit').waitFor();
    await card(priya, 'Visit', 'Ines Marlow').waitFor();
    await card(sam, 'Visit', 'Ines Marlow').waitFor(soon);
    assert.equal((await saleOf(LEAD)).path.at(-1).because, 'Came by on Sunday, we were closed.');
    await priya.press('z');
    await card(priya, 'New', 'Ines Marlow').waitFor();
    await card(sam, 'New', 'Ines Marlow').waitFor(soon);
    assert.equal((await saleOf(LEAD)).by_hand, false);
  });

  test('is walked by the arrows, and the card that is walked to keeps the focus when it moves', async () => {
    await link(priya, 'Ines Marlow').focus();
    await priya.press('Shift+ArrowRight');
    await priya.page.getByRole('dialog', { name: 'Move Ines Marlow to Attempted' }).waitFor();
    await priya.page.keyboard.type('Rang twice.');
    await priya.press('Enter');
    await card(priya, 'Attempted', 'Ines Marlow').waitFor();
    await priya.page.locator('a:focus', { hasText: 'Ines Marlow' }).waitFor();
    await priya.press('ArrowLeft');
    assert.equal(await priya.page.evaluate(() => document.activeElement.closest('.column').querySelector('h2').textContent.startsWith('New')), true);
    await priya.press('z');
    await card(priya, 'New', 'Ines Marlow').waitFor();
  });

  test('takes a card that is dragged, and asks why', async () => {
    const from = await card(sam, 'New', 'Ines Marlow').boundingBox();
    const to = await column(sam, 'Engaged').boundingBox();
    await sam.page.mouse.move(from.x + 60, from.y + 50);
    await sam.page.mouse.down();
    await sam.page.mouse.move(to.x + 40, to.y + 200, { steps: 8 });
    await sam.page.mouse.up();
    await sam.page.getByRole('dialog', { name: 'Move Ines Marlow to Engaged' }).waitFor();
    await sam.press('Escape');
    await card(sam, 'New', 'Ines Marlow').waitFor();
  });

  test('gives a sale up with a reason and the day it says, and Z takes that back', async () => {
    await link(priya, 'Ines Marlow').focus();
    await priya.press('e');
    await priya.page.getByRole('dialog', { name: 'Give up on Ines Marlow?' }).waitFor();
    await priya.press('l');
    assert.equal(await priya.page.getByLabel('Later').isChecked(), true);
    assert.match(await priya.page.getByLabel('Try again on').inputValue(), /^\d{4}-\d\d-\d\d$/);
    await priya.press('Enter');
    await priya.toast('Ines Marlow given up: later').waitFor();
    await card(sam, 'New', 'Ines Marlow').waitFor({ state: 'detached', ...soon });
    const { lost } = await saleOf(LEAD);
    assert.equal(Math.round((lost.again_ms - lost.at_ms) / 86_400_000), 45);
    await priya.press('z');
    await card(sam, 'New', 'Ines Marlow').waitFor(soon);
    assert.equal((await saleOf(LEAD)).lost, null);
  });
});

describe('the void', () => {
  test('takes in a sale when its card is closed, with how it closed, and the numbers of the manager follow', async () => {
    await sam.goto('/now', '.it, .empty');
    const before = await voidTotal('store');
    assert.equal((await finish(LEAD)).status, 200);
    await sam.page.getByRole('link', { name: `${before + 1} in the void` }).waitFor(soon);
    await sam.page.getByRole('link', { name: `${before + 1} in the void` }).click();
    await sam.page.getByRole('heading', { level: 1, name: 'The void' }).waitFor();
    const row = sam.page.getByRole('article', { name: 'Ines Marlow' });
    await row.getByText(/^Last card closed .* by Priya N\.: left a message$/).waitFor();
  });

  test('gives it a next step by keyboard, a follow-up takes it out, and Z puts it back', async () => {
    const row = sam.page.getByRole('article', { name: 'Ines Marlow' });
    await link(sam, 'Ines Marlow').focus();
    await sam.press('u');
    await sam.page.getByRole('dialog', { name: 'Follow up with Ines Marlow' }).waitFor();
    await sam.press('Enter');
    await sam.page.getByText('Say when.').waitFor();
    await sam.page.getByLabel(/Tomorrow, 10:00/).focus();
    await sam.press('Space', 'Tab');
    await sam.page.keyboard.type('Numbers on the CR-V');
    await sam.press('Enter');
    await sam.toast(/Follow-up with Ines Marlow tomorrow 10:00/).waitFor();
    await row.waitFor({ state: 'detached' });
    await card(priya, 'Attempted', 'Ines Marlow').getByText(/Follow-up tomorrow/).waitFor(soon);
    await sam.press('z');
    await row.waitFor();
    await agreed(LEAD, (page) => page.opportunity.follow_up === null);
  });

  test('gives it to somebody else, and gives it back', async () => {
    await link(sam, 'Ines Marlow').focus();
    await sam.press('a');
    await sam.page.getByRole('menuitem', { name: /^Jo Lindqvist/ }).waitFor();
    await sam.press('j', 'Enter');
    await sam.toast('Ines Marlow given to Jo L.').waitFor();
    await sam.page.getByRole('article', { name: 'Ines Marlow' }).getByText(/Jo\sL\.$/).waitFor();
    await agreed(LEAD, (page) => page.owner.name === 'Jo Lindqvist');
    await sam.press('z');
    await agreed(LEAD, (page) => page.owner.name === 'Priya Nair');
  });

  test('says honestly when it is empty', async () => {
    const person = await (await Person.at(browser, house, { name: 'Lena Ortiz' })).signIn();
    assert.equal((await person.api('/api/void?scope=mine')).total, 0);
    await person.goto('/pipeline/void?scope=mine', '.empty');
    await person.page.getByRole('heading', { name: 'Nothing lies in the void' }).waitFor();
    await person.close();
  });
});

describe('a customer’s own page', () => {
  test('says where the sale stands and why, and moves it by hand with a reason', async () => {
    await priya.goto(`/customers/${LEAD.customer}`, '#the-sale');
    const sale = priya.page.getByRole('region', { name: 'Sale' });
    await sale.getByText('The store reached for them').first().waitFor();
    await priya.press('s');
    await priya.page.getByRole('menuitem', { name: 'Appointment' }).waitFor();
    await priya.press('a', 'a', 'Enter');
    const box = priya.page.getByRole('dialog', { name: /^Move Ines Marlow to / });
    await box.waitFor();
    const to = (await box.getByRole('heading').innerText()).split(' ').at(-1);
    await priya.page.keyboard.type('Said so on the phone.');
    await priya.press('Enter');
    await sale.locator('.stage b', { hasText: to }).waitFor();
    await sale.getByText('Said so on the phone.').first().waitFor();
    await sale.getByRole('button', { name: 'Back to the facts' }).click();
    await sale.locator('.stage b', { hasText: 'Attempted' }).waitFor();
    await agreed(LEAD, (page) => !page.opportunity.by_hand);
  });

  test('sets, moves and drops the one follow-up, each undone by Z to what stood before', async () => {
    const sale = priya.page.getByRole('region', { name: 'Sale' });
    await priya.press('u');
    await priya.page.getByLabel(/In 3 days/).check();
    await priya.press('Enter');
    await sale.getByText(/Follow-up /).and(priya.page.locator('b')).waitFor();
    await priya.toast(/Follow-up with Ines Marlow/).waitFor();
    const first = (await agreed(LEAD, (page) => page.opportunity.follow_up !== null)).opportunity.follow_up.due_ms;
    await priya.press('u');
    await priya.page.getByText(/Now set for /).waitFor();
    await priya.page.getByRole('button', { name: 'No follow-up' }).click();
    await priya.toast('No follow-up with Ines Marlow').waitFor();
    await agreed(LEAD, (page) => page.opportunity.follow_up === null);
    await priya.press('z');
    await agreed(LEAD, (page) => page.opportunity.follow_up?.due_ms === first);
  });

  test('gives the sale up and reopens it', async () => {
    const sale = priya.page.getByRole('region', { name: 'Sale' });
    await priya.press('e');
    await priya.page.getByLabel('No car that fits').check();
    await priya.press('Enter');
    await sale.getByText('Given up: no car that fits').waitFor();
    await sale.getByRole('button', { name: 'Reopen' }).waitFor();
    await priya.press('e');
    await priya.toast('Ines Marlow is open again').waitFor();
    await sale.getByRole('button', { name: /^Give up/ }).waitFor();
    await agreed(LEAD, (page) => page.opportunity.lost === null);
  });

  test('is not needed for a follow-up from a card', async () => {
    await priya.goto(`/now/${OTHER.card}?scope=store`, '.comp');
    await priya.press('u');
    await priya.page.getByRole('dialog', { name: 'Follow up with Otto Verner' }).waitFor();
    await priya.page.getByLabel(/In 3 days/).check();
    await priya.press('Enter');
    await priya.toast(/Follow-up with Otto Verner/).waitFor();
    await agreed(OTHER, (page) => page.opportunity.follow_up !== null);
  });
});

describe('every screen of the pipeline', () => {
  for (const [device, size] of Object.entries({ '1440x900': DESK, '390x844': PHONE })) {
    for (const theme of ['light', 'dark']) {
      test(`passes axe at ${device} in ${theme} with its boxes open`, async () => {
        const person = await (await Person.at(browser, house, { name: 'Sam Rourke', size, theme })).signIn();
        await person.goto('/pipeline', '[data-sale]');
        assert.deepEqual(await person.axe(), [], 'the board');
        const first = person.page.getByRole('article').first();
        const name = await first.getAttribute('aria-label');
        await first.getByRole('button', { name: `What to do with ${name}` }).click();
        await person.page.getByRole('menuitem').first().waitFor();
        assert.deepEqual(await person.axe(), [], 'what to do with a card');
        await person.page.getByRole('menuitem', { name: 'Move to Proposal' }).click();
        await person.page.getByRole('dialog').waitFor();
        assert.deepEqual(await person.axe(), [], 'why it is moved');
        await person.press('Escape');
        await first.getByRole('button', { name: `What to do with ${name}` }).click();
        await person.page.getByRole('menuitem', { name: /the follow-up|a follow-up/ }).click();
        await person.page.getByLabel('Another time').check();
        assert.deepEqual(await person.axe(), [], 'when it is followed up');
        await person.press('Escape');
        await first.getByRole('button', { name: `What to do with ${name}` }).click();
        await person.page.getByRole('menuitem', { name: /^Give up/ }).click();
        await person.page.getByLabel('Credit').check();
        assert.deepEqual(await person.axe(), [], 'why it is given up');
        await person.press('Escape');
        if (size === PHONE) {
          await person.page.getByRole('button', { name: /^Engaged/ }).click();
          await column(person, 'Engaged').waitFor();
          assert.equal(await person.page.locator('.column').count(), 1);
        }
        await person.goto('/pipeline/void', '[data-sale]');
        assert.deepEqual(await person.axe(), [], 'the void');
        await person.goto(`/customers/${LEAD.customer}`, '#the-sale');
        await person.page.getByText('How it came there').click();
        assert.deepEqual(await person.axe(), [], 'the sale on a customer’s page');
        assert.equal(await person.isTooWide(), false, 'nothing is wider than the screen');
        assert.deepEqual(person.complaints, []);
        await person.close();
      });
    }
  }

  test('met no error and broke no policy through all of this', () => {
    for (const person of [sam, priya]) assert.deepEqual(person.complaints, []);
  });
});
