// Is a call on disk in seconds by keyboard alone, does what is no lead leave and come back, and is a strange sender shown once and then read?
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { atTheStore, DESK, eventually, Person, PHONE } from './house.mjs';

// The time that somebody on the phone has for it.
const TAKE_MS = 20_000;
// 150 ms: eighty words a minute, as who types all day does.
const LETTER_MS = 150;
const MOUSE_PX = 4;

let house;
let browser;
let priya;
let sam;

atTheStore(async (store) => {
  ({ house, browser } = store);
  priya = await store.signedIn('Priya Nair');
  sam = await store.signedIn('Sam Rourke');
});

const focused = (person, wanted) => person.page.locator(`${wanted}:focus`).waitFor();
const who = (person) => person.page.getByRole('combobox', { name: 'Who is it?' });
const aside = (person, reason) => person.page.locator('main li', { hasText: reason });

const enquiry = (id, name, words) => `<?xml version="1.0"?><?adf version="1.0"?><adf><prospect><id source="Website">${id}</id><requestdate>${new Date().toISOString()}</requestdate>
  <customer><contact><name part="full">${name}</name><phone>207-555-0112</phone></contact><comments>${words}</comments></customer><provider><name>Website</name></provider></prospect></adf>`;

const oddMail = (id, domain, name, phone, stock) =>
  [`From: AutoGuru <buyers@${domain}>`, 'To: leads@store.example', 'Subject: Buyer', `Message-ID: <${id}@${domain}>`, 'Date: Tue, 24 Nov 2026 09:40:30 -0500', '',
    'Good day!', `>> ${name} <<`, `ring ${phone} asap`, `unit ${stock} at your place`, 'She says', 'Is it still there?', 'I can come on Saturday.', 'Sent by AutoGuru', ''].join('\r\n');

/** Marks words of the message with the mouse, as a hand does. */
async function mark(person, words) {
  const box = await person.page.evaluate((wanted) => {
    const walker = document.createTreeWalker(document.querySelector('.message pre'), NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const at = node.data.indexOf(wanted);
      if (at < 0) continue;
      const range = document.createRange();
      range.setStart(node, at);
      range.setEnd(node, at + wanted.length);
      const { left, right, top, bottom } = range.getBoundingClientRect();
      return { left, right, y: (top + bottom) / 2 };
    }
    throw new Error(`${wanted} stands nowhere`);
  }, words);
  await person.page.mouse.move(box.left + 1, box.y);
  await person.page.mouse.down();
  await person.page.mouse.move(box.right - MOUSE_PX, box.y, { steps: 4 });
  await person.page.mouse.move(box.right, box.y);
  await person.page.mouse.up();
}

describe('a call', () => {
  test('is taken down by keyboard alone in under twenty seconds, and Z takes it back', async (t) => {
    await priya.goto('/customers', '.line');
    const began = performance.now();
    await priya.press('l');
    await who(priya).waitFor();
    await priya.page.keyboard.type('otis brandt 207-555-0177', { delay: LETTER_MS });
    await priya.press('Enter');
    await focused(priya, 'textarea');
    await priya.page.keyboard.type('Wants a truck below 25,000.', { delay: LETTER_MS });
    await priya.press('Enter');
    await priya.toast('Otis Brandt is taken down: with you').waitFor();
    const took = Math.round(performance.now() - began);
    t.diagnostic(`from the key to the disk in ${took} ms, typing included`);
    assert.ok(took < TAKE_MS);

    const { hits } = await priya.api('/api/search?q=otis%20brandt&limit=5');
    const { opportunity, owner } = await priya.api(`/api/customers/${hits[0].id}`);
    assert.deepEqual([opportunity?.is_open, owner.name], [true, 'Priya Nair']);
    assert.equal(await priya.openCard('Otis Brandt'), null, 'whoever was talked to waits for nobody');
    await priya.press('z');
    await priya.toast('Taken back.').waitFor();
    assert.equal((await priya.api(`/api/customers/${hits[0].id}`)).opportunity, null);
  });

  test('that cannot be used is refused in the box, and nothing that was typed is lost', async () => {
    await priya.press('l');
    await who(priya).waitFor();
    await priya.page.keyboard.type('vera holt');
    await priya.page.getByRole('option', { name: 'Somebody new: Vera Holt' }).click();
    await focused(priya, 'input[name=phone]');
    await priya.page.keyboard.type('12');
    await priya.page.getByLabel('What they want').fill('A van for six.');
    await priya.press('Enter');
    await priya.page.getByText('That phone number is none that can be dialed.', { exact: true }).waitFor();
    assert.equal(await priya.page.getByLabel('What they want').inputValue(), 'A van for six.');
    // The hand that waves the box away by mistake is on Z before the box has gone.
    await priya.press('Escape', 'z');
    assert.equal(await priya.page.getByLabel('What they want').inputValue(), 'A van for six.');
    await priya.page.getByRole('textbox', { name: 'Phone', exact: true }).fill('207-555-0178');
    await priya.page.getByLabel('Call back').check();
    await priya.page.getByRole('combobox', { name: 'Car, if they ask for one' }).fill('24117');
    await priya.page.getByRole('option', { name: /#24117/ }).click();
    await priya.page.getByLabel('Who goes on with it').selectOption('Sam Rourke');
    await priya.page.getByLabel('Follow-up').selectOption({ label: 'Tomorrow, 10:00 am' });
    await priya.page.getByLabel('What was promised').fill('Pictures');
    await priya.page.getByRole('button', { name: 'Take it down' }).click();
    await priya.toast(/Vera Holt is taken down: with Sam.R\., to be called back, follow-up tomorrow 10:00.am/).waitFor();
    const card = await sam.cardOf('Vera Holt');
    assert.deepEqual([card.owner.name, card.vehicle.stock], ['Sam Rourke', '24117']);
  });

  test('of a customer who is known asks only for the words', async () => {
    const { customer } = await priya.openCard('Vera Holt');
    await priya.goto(`/customers/${customer.id}`, '[data-record]');
    await priya.press('l');
    await focused(priya, 'textarea');
    await priya.page.keyboard.type('Called again.');
    await priya.press('Enter');
    await priya.toast('Vera Holt is taken down: with you').waitFor();
    await priya.page.locator('[data-record]', { hasText: 'Called again.' }).waitFor();
  });
});

describe('what is no lead', () => {
  test('leaves the queue by keyboard for everybody, and Z brings it back to its place', async () => {
    await house.sendLead({ id: 'leads-1', first: 'Ines', last: 'Marlow', phone: '907-555-0181', email: 'ines.marlow@example.com' });
    const card = await sam.cardOf('Ines Marlow');
    await priya.goto('/now?scope=store', '.it');
    await priya.page.locator('.it', { hasText: 'Ines Marlow' }).waitFor();
    await sam.goto(`/now/${card.id}?scope=store`, '.comp');
    await sam.press('e');
    await sam.page.getByRole('menuitem', { name: 'Not a lead…' }).waitFor();
    await sam.press('End', 'Enter');
    await sam.page.getByRole('menuitem', { name: 'Spam' }).waitFor();
    await sam.press('s', 'Enter');
    await sam.toast('Ines Marlow is no lead: selling to the store').waitFor();
    await eventually(async () => (await priya.openCard('Ines Marlow')) === null, 'the end of the card');
    await priya.page.locator('.it.gone', { hasText: 'Ines Marlow' }).waitFor({ timeout: 5_000 });
    await sam.press('z');
    await sam.toast('Taken back.').waitFor();
    await sam.page.locator('.it[aria-current]', { hasText: 'Ines Marlow' }).waitFor();
    assert.notEqual(await priya.openCard('Ines Marlow'), null);
  });

  test('and came in as spam is taken up by whoever looks, and says so', async () => {
    const { status } = await house.sendMessage(enquiry('leads-2', 'Reader Whitcomb', 'Our SEO and backlink packages start at $99.'));
    assert.equal(status, 'set-aside');
    await priya.goto('/set-aside', 'main li');
    const row = aside(priya, 'It looks like spam.');
    await row.getByRole('button', { name: /^Take it up/ }).press('Enter');
    await row.getByText('it is a lead now.').waitFor();
    assert.equal(await row.getByRole('button', { name: /^Take it up/ }).count(), 0);
    await focused(priya, 'main li b');
    await sam.cardOf('Reader Whitcomb');
  });
});

describe('a sender that nobody can read', () => {
  test('is shown once with the mouse and by typing, and its next mail is a lead', async () => {
    assert.equal((await house.sendMessage(oddMail(1, 'mail.auto-guru.example', 'Jane Roe', '207-555-0134', '24117'))).status, 'set-aside');
    await sam.goto('/set-aside', 'main li');
    const row = aside(sam, 'The mail holds no ADF');
    await row.getByRole('button', { name: /^Read again/ }).click();
    await row.getByText('It still cannot be read.').waitFor();
    await row.getByRole('link', { name: /^Show how to read it/ }).click();
    await sam.page.getByText('ring 207-555-0134 asap').waitFor();
    assert.equal(await sam.page.getByLabel('Name of the source').inputValue(), 'Auto Guru');

    await mark(sam, 'Jane Roe');
    await sam.page.getByRole('button', { name: 'Fill Name with what is marked' }).click();
    assert.equal(await sam.page.getByRole('textbox', { name: 'Name', exact: true }).inputValue(), 'Jane Roe');
    await sam.page.locator('mark', { hasText: 'Jane Roe' }).waitFor();
    await sam.page.getByRole('button', { name: 'Save and read it' }).click();
    await sam.page.getByText('Mark a phone number or an email address: without one nobody can be answered.').waitFor();

    await sam.page.getByRole('textbox', { name: 'Phone', exact: true }).fill('207-555-0135');
    await sam.page.getByText('These words do not stand in the message.').waitFor();
    await sam.page.getByRole('textbox', { name: 'Phone', exact: true }).fill('207-555-0134');
    await sam.page.locator('mark', { hasText: '207-555-0134' }).waitFor();
    await mark(sam, '24117');
    await sam.page.getByRole('button', { name: 'Fill Stock number' }).click();
    await sam.page.getByLabel('What they write').fill('Is it still there?\nI can come on Saturday.');
    await sam.page.getByRole('button', { name: 'Save and read it' }).click();
    await sam.page.getByText('It is 1 lead now.').waitFor();
    const card = await sam.cardOf('Jane Roe');
    assert.equal(card.vehicle.stock, '24117');

    const { status, leads } = await house.sendMessage(oddMail(2, 'mail.auto-guru.example', 'Theo Pike', '(207) 555-0179', '24117'));
    assert.deepEqual([status, leads[0].source], ['received', 'Auto Guru']);
    await priya.cardOf('Theo Pike');
  });

  test('is among the known until a manager forgets it', async () => {
    await priya.goto('/set-aside', '#senders');
    await priya.page.getByText('Name, phone, stock number and what they write').waitFor();
    assert.equal(await priya.page.getByRole('button', { name: /^Forget/ }).count(), 0, 'a rep forgets nobody');
    await sam.goto('/set-aside', '#senders');
    await sam.page.getByRole('button', { name: 'Forget mail.auto-guru.example' }).click();
    await sam.page.getByRole('button', { name: 'Forget it' }).click();
    await sam.toast('mail.auto-guru.example is forgotten').waitFor();
    await sam.page.locator('#senders').waitFor({ state: 'detached' });
    assert.equal((await house.sendMessage(oddMail(3, 'mail.auto-guru.example', 'Nora Quill', '207-555-0189', '24117'))).status, 'set-aside');
  });
});

describe('every screen of leads', () => {
  for (const [device, size] of Object.entries({ '1440x900': DESK, '390x844': PHONE })) {
    for (const theme of ['light', 'dark']) {
      test(`passes axe at ${device} in ${theme} with its boxes open`, async () => {
        const person = await (await Person.at(browser, house, { name: 'Sam Rourke', size, theme })).signIn();
        await person.page.getByRole('button', { name: 'Take a call' }).click();
        await who(person).fill('whit');
        await person.page.getByRole('option').nth(1).waitFor();
        assert.deepEqual(await person.axe(), [], 'who is it');
        await person.page.getByRole('option', { name: 'Somebody new: Whit' }).click();
        await person.page.getByLabel('Follow-up').selectOption({ label: 'A day and time…' });
        assert.deepEqual(await person.axe(), [], 'a call');
        await person.press('Escape');
        await person.goto('/set-aside', 'main li');
        assert.deepEqual(await person.axe(), [], 'what was set aside');
        await person.page.getByRole('link', { name: /^Show how to read it/ }).first().click();
        await person.page.getByRole('textbox', { name: 'Phone', exact: true }).fill('207-555-0189');
        await person.page.getByLabel('VIN').fill('not there');
        await person.page.locator('mark').waitFor();
        assert.deepEqual(await person.axe(), [], 'showing a sender');
        assert.equal(await person.isTooWide(), false, 'nothing is wider than the screen');
        assert.deepEqual(person.complaints, []);
        await person.close();
      });
    }
  }

  test('met no error and broke no policy through all of this', () => {
    for (const person of [priya, sam]) assert.deepEqual(person.complaints, []);
  });
});
