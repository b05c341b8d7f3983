// Is a rule turned with its count, does whoever goes away hand on what they had, does the next lead follow its ladder, and is a word on a card kept?
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { atTheStore, DESK, eventually, Person, PHONE } from './house.mjs';

// Whom a rule concerns is thought of anew some at a time; an unoptimised program takes its time over it.
const COUNTED_MS = 30_000;

let house;
let browser;
let sam;
let priya;

atTheStore(async (store) => {
  ({ house, browser } = store);
  sam = await store.signedIn('Sam Rourke');
  priya = await store.signedIn('Priya Nair');
});

const button = (scope, name) => scope.getByRole('button', { name });
const ruleOf = async (word) => (await sam.api('/api/rules')).items.find((rule) => rule.rule === word);
const memberOf = async (name) => (await sam.api('/api/team')).people.find(({ person }) => person.name === name);

describe('the settings', () => {
  test('are found by their key, with a line for each page', async () => {
    await sam.press('g', ',');
    await sam.page.getByRole('heading', { level: 1, name: 'Settings' }).waitFor();
    for (const name of ['Rules', 'Team', 'Ladders', 'Fields of the store']) await sam.page.getByRole('link', { name, exact: true }).waitFor();
    assert.equal(await sam.page.getByRole('navigation', { name: 'Main', exact: true }).getByRole('link', { name: 'Settings' }).getAttribute('aria-current'), 'page');
  });
});

describe('a rule', () => {
  const form = (person) => person.page.getByRole('form', { name: /Back on the same car/ });
  const looks = (person) => form(person).getByLabel('Looks at the car.');

  test('is turned with the count of whom it would see, saved, and taken back by Z', async () => {
    const before = await ruleOf('back_on_same_car');
    await sam.page.getByRole('link', { name: 'Rules', exact: true }).click();
    await button(sam.page, /^Back on the same car/).click();
    await looks(sam).waitFor();
    const wanted = { ...before.setting, thresholds: before.setting.thresholds.map((each) => (each.knob === 'looks' ? { knob: 'looks', value: 2 } : each)) };
    const { body: counted } = await sam.send('POST', '/api/rules/back_on_same_car/matches', wanted);
    assert.ok(counted.matching > 0, 'the made-up store has people who come back');
    await looks(sam).fill('2');
    const said = counted.matching === 1 ? '1 customer matches now' : `${counted.matching.toLocaleString('en-US')} customers match now`;
    await form(sam).getByText(said).waitFor({ timeout: COUNTED_MS });
    await form(sam).getByRole('link', { name: counted.examples[0].name, exact: true }).first().waitFor();

    // A number beyond its bounds is named and cannot be saved.
    await looks(sam).fill('99');
    await form(sam).getByText('A whole number from 2 to 20.').waitFor();
    assert.equal(await button(form(sam), 'Save').isDisabled(), true);
    await looks(sam).fill('2');
    await sam.press('Enter');
    await sam.toast(/“Back on the same car” is set/).waitFor();
    assert.deepEqual((await ruleOf('back_on_same_car')).setting, wanted);
    await sam.page.getByText('Set by you').waitFor();

    await looks(sam).evaluate((field) => field.blur());
    await sam.press('z');
    await sam.toast('Taken back.').waitFor();
    assert.deepEqual((await ruleOf('back_on_same_car')).setting, before.setting);
    assert.equal(await looks(sam).inputValue(), '4');
  });

  test('that a colleague set meanwhile is not set over them unseen', async () => {
    const before = await ruleOf('back_on_same_car');
    const ruth = await (await Person.at(browser, house, { name: 'Ruth Haldane' })).signIn();
    await looks(sam).fill('5');
    const { status } = await ruth.send('PUT', '/api/rules/back_on_same_car', { ...before.setting, cool_down_hours: 12 });
    assert.equal(status, 200);
    await sam.press('Enter');
    await sam.page.getByText('Ruth Haldane set this rule meanwhile.', { exact: false }).waitFor();
    await button(sam.page, 'Look again').click();
    await eventually(async () => (await form(sam).getByLabel(/^Hours after a card was done/).inputValue()) === '12', 'what Ruth set');
    await button(sam.page, 'Back to default').click();
    await sam.toast('“Back on the same car” is as it came.').waitFor();
    assert.deepEqual((await ruleOf('back_on_same_car')).setting, before.defaults);
    assert.deepEqual(ruth.complaints, []);
    await ruth.close();
  });

  test('is switched off and on in its row, and is only read by a rep', async () => {
    await sam.page.getByRole('switch', { name: 'Hours or directions' }).click();
    await sam.toast(/“Hours or directions” is off/).waitFor();
    assert.equal((await ruleOf('hours_viewed')).setting.on, false);
    await sam.press('z');
    await eventually(async () => (await ruleOf('hours_viewed')).setting.on, 'on again');
    await priya.goto('/settings/rules/back_on_same_car', 'form');
    assert.equal(await looks(priya).isDisabled(), true);
    assert.equal(await button(form(priya), 'Save').count(), 0);
    assert.equal(await priya.page.getByRole('switch', { name: 'Hours or directions' }).isDisabled(), true);
  });
});

describe('the team', () => {
  const row = (person, name) => person.page.getByRole('listitem', { name, exact: true });

  test('hands on the cards of whoever says that they are away, from their own account, and says so', async () => {
    await house.sendLead({ id: 'settings-1', first: 'Otto', last: 'Quill', phone: '207-555-0131', email: 'otto.quill@example.com' });
    const card = await sam.cardOf('Quill');
    const { person } = await memberOf('Priya Nair');
    await sam.send('POST', `/api/alerts/${card.id}/handoff`, { to: person.id });
    await sam.cardOf('Quill', (card) => card.owner?.name === 'Priya Nair');
    const before = (await memberOf('Priya Nair')).open_cards;
    await priya.page.getByRole('button', { name: /your settings/ }).click();
    const box = priya.page.getByRole('dialog', { name: 'Priya Nair' });
    await box.getByText(before === 1 ? 'Once away, 1 open card goes to others.' : `Once away, ${before} open cards go to others.`).waitFor();
    await button(box, 'Rest of today').click();
    await priya.toast(/^You: away until .*to others\.$/).waitFor();
    await sam.cardOf('Quill', (card) => card.owner?.name !== 'Priya Nair');
    assert.equal((await memberOf('Priya Nair')).is_off, true);
    await button(box, 'I am back').click();
    await priya.toast('You are back.').waitFor();
    assert.equal((await memberOf('Priya Nair')).away, null);
    await priya.press('Escape');
  });

  test('is told by a manager who is off tomorrow, and Z takes it back', async () => {
    await sam.goto('/settings/team', 'li');
    await row(sam, 'Priya Nair').getByRole('button', { name: 'Tomorrow' }).click();
    await row(sam, 'Priya Nair').getByText(/^Away from tomorrow/).waitFor();
    await sam.press('z');
    await sam.toast(/^Taken back/).waitFor();
    assert.equal((await memberOf('Priya Nair')).away, null);
  });

  test('has hours and skills that a manager sets', async () => {
    await button(sam.page, 'Hours and skills of Priya Nair').click();
    const box = sam.page.getByRole('dialog', { name: /^Hours and skills of/ });
    await button(box, 'Hours of their own').click();
    await box.getByLabel('Monday from').fill('08:30');
    await box.getByLabel('Add a skill').fill('Trucks');
    await sam.press('Enter');
    await button(box, 'Remove trucks').waitFor();
    await button(box, 'Save').click();
    await row(sam, 'Priya Nair').getByText(/^Mon 8:30\sam to 5:00\spm, Tue to Fri/).waitFor();
    const { schedule, skills } = await memberOf('Priya Nair');
    assert.deepEqual([schedule[0], schedule[6], skills], [{ opens: 510, closes: 1020 }, null, ['trucks']]);
    await sam.press('z');
    await eventually(async () => (await memberOf('Priya Nair')).schedule === null, 'as it was');
  });
});

describe('a ladder', () => {
  test('is set for a source, and its next lead follows it', async () => {
    await sam.goto('/settings/ladders', 'main li');
    await sam.press('a');
    const box = sam.page.getByRole('dialog', { name: 'Add a ladder' });
    await box.getByLabel('Source, as its leads name it').fill('Website');
    await button(box, 'Whoever takes it first').click();
    await box.getByLabel('minutes of store hours').fill('4');
    await box.getByText(/^Everybody who takes leads has 4 minutes of store hours to take it, then/).waitFor();
    await button(box, 'Save').click();
    await sam.toast('The next lead from Website follows it.').waitFor();
    await sam.page.getByRole('heading', { level: 2, name: 'Website' }).waitFor();

    await house.sendLead({ id: 'settings-2', first: 'Edda', last: 'Farrow', phone: '207-555-0132', email: 'edda.farrow@example.com', visitor: 'edda-1' });
    const card = await sam.cardOf('Farrow');
    assert.deepEqual([card.owner, card.for_all], [null, true]);
    await priya.goto(`/now/${card.id}?scope=store`, '.comp');
    await priya.page.locator('.dh').getByText('Whoever takes it first').waitFor();
    await priya.press('m');
    await priya.toast('Edda Farrow is yours').waitFor();
    await sam.cardOf('Farrow', (card) => card.owner?.name === 'Priya Nair');
    await button(sam.page, 'Remove the ladder of Website').click();
    await sam.toast('Website goes as every other source.').waitFor();
    assert.equal((await sam.api('/api/ladders')).items.length, 1);
  });

  test('that a colleague sets meanwhile is seen at once, and is not set over them unseen', async () => {
    const [{ version, ...usual }] = (await sam.api('/api/ladders')).items;
    await button(sam.page, /^Change the ladder of/).click();
    const box = sam.page.getByRole('dialog');
    await box.getByLabel('minutes of store hours').fill('9');
    const ruth = await (await Person.at(browser, house, { name: 'Ruth Haldane' })).signIn();
    assert.equal((await ruth.send('PUT', '/api/ladders', { ...usual, minutes: 7 })).status, 200);
    await sam.page.locator('main li', { hasText: '7 minutes of store hours' }).waitFor();
    await button(box, 'Save').click();
    await box.getByText('Ruth Haldane set this ladder meanwhile.', { exact: false }).waitFor();
    await sam.press('Escape');
    await button(sam.page, /^Change the ladder of/).click();
    assert.equal(await box.getByLabel('minutes of store hours').inputValue(), '7');
    await box.getByLabel('minutes of store hours').fill(`${usual.minutes}`);
    await button(box, 'Save').click();
    // The toast of the ladder that was set before may still stand there.
    await eventually(async () => (await sam.api('/api/ladders')).items[0].minutes === usual.minutes, 'the usual minutes');
    assert.notEqual((await sam.api('/api/ladders')).items[0].version, version);
    await ruth.close();
  });
});

describe('a card', () => {
  const word = (name) => priya.page.getByRole('group', { name: 'Useful?' }).getByRole('button', { name: new RegExp(`^${name}`) });

  test('is said to be useful by a key, and that is taken back', async () => {
    const { id } = await sam.cardOf('Farrow');
    const judged = () => sam.api(`/api/alerts/${id}`).then((card) => card.useful);
    await priya.press('y');
    await priya.toast('Noted as useful').waitFor();
    await eventually(async () => (await judged()) === true, 'useful');
    assert.equal(await word('Yes').getAttribute('aria-pressed'), 'true');
    assert.equal((await ruleOf('new_lead')).useful_30_days, 1);
    await priya.press('z');
    await eventually(async () => (await judged()) === null, 'taken back');
    await word('No').click();
    await eventually(async () => (await judged()) === false, 'not useful');
    await word('No').click();
    await eventually(async () => (await judged()) === null, 'the same word again takes it back');
  });

  test('says how long they waited, by the wall clock and in store hours', async () => {
    const title = await priya.page.locator('.dh .time').getAttribute('title');
    assert.match(title ?? '', /^Waited .* in store hours$/);
  });
});

describe('every page of the settings', () => {
  for (const [device, size] of Object.entries({ '1440x900': DESK, '390x844': PHONE })) {
    for (const theme of ['light', 'dark']) {
      test(`passes axe at ${device} in ${theme} with its boxes open`, async () => {
        const person = await (await Person.at(browser, house, { name: 'Sam Rourke', size, theme })).signIn();
        const looks = async (what) => {
          assert.deepEqual(await person.axe(), [], what);
          assert.equal(await person.isTooWide(), false, `${what} is no wider than the screen`);
        };
        await person.goto('/settings', 'main li');
        await looks('the index');
        await person.goto('/settings/rules/watched_car_reduced', 'form');
        await person.page.locator('.count[aria-busy=false] .b').waitFor({ timeout: COUNTED_MS });
        await looks('the rules');
        await person.goto('/settings/team', 'main li');
        await looks('the team');
        await button(person.page, 'Hours and skills of Priya Nair').click();
        await button(person.page.getByRole('dialog'), 'Hours of their own').click();
        await looks('hours and skills');
        await person.press('Escape');
        await person.page.getByRole('listitem', { name: 'Priya Nair', exact: true }).getByRole('button', { name: 'Other…' }).click();
        await person.page.getByRole('dialog').waitFor();
        await looks('an absence');
        await person.goto('/settings/ladders', 'main li');
        await looks('the ladders');
        await button(person.page, /^Add a ladder/).click();
        await person.page.getByRole('dialog').waitFor();
        await looks('a ladder');
        assert.deepEqual(person.complaints, []);
        await person.close();
      });
    }
  }

  test('met no error and broke no policy through all of this', () => {
    for (const person of [sam, priya]) assert.deepEqual(person.complaints, []);
  });
});
